package io.lazuli.storage.protocol.http;

/** What one request holds of its event loop's {@link BufferBudget}. Event loop only. */
final class HeldRoom {

    private final BufferBudget budget;
    private long heldBytes;
    private long wantedBytes;
    private Runnable whenGranted;

    HeldRoom(BufferBudget budget) {
        this.budget = budget;
    }

    /** Makes it what a request needs that buffers so many bytes; false, and nothing changed, if there is no room for more. */
    boolean resize(long bufferedBytes) {
        long more = BufferBudget.counted(bufferedBytes) - heldBytes;
        if (more > 0 && !budget.take(more)) {
            return false;
        }
        heldBytes += more;
        if (more < 0) {
            budget.give(-more);
        }
        return true;
    }

    /** Takes so many counted bytes more, behind nobody who stands in line; false if there is no room. */
    boolean takeInTurn(long countedBytes) {
        if (countedBytes > 0 && (budget.inDemand() || !budget.take(countedBytes))) {
            return false;
        }
        heldBytes += countedBytes;
        return true;
    }

    /** Stands in line for so many counted bytes more. */
    void await(long countedBytes, Runnable next) {
        wantedBytes = countedBytes;
        whenGranted = next;
        budget.join(this);
    }

    /** What it waits for. */
    long wantedBytes() {
        return wantedBytes;
    }

    /** What it waited for has been taken for it. */
    void granted() {
        heldBytes += wantedBytes;
        whenGranted.run();
    }

    void leaveLine() {
        budget.quit(this);
    }

    void giveAll() {
        resize(0);
    }
}
