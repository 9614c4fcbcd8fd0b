package io.lazuli.storage.protocol.http;

/** What one request holds of its event loop's {@link BufferBudget}. Event loop only. */
final class HeldRoom {

    private final BufferBudget budget;
    private long heldBytes;

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

    /** So many counted bytes have been taken for it. */
    void granted(long countedBytes) {
        heldBytes += countedBytes;
    }

    void giveAll() {
        resize(0);
    }
}
