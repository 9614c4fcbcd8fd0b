package io.lazuli.storage.partition.table;

/** Time as the table service counts it: 100 ns since 0001-01-01T00:00:00Z, without leap seconds. */
public final class Ticks {

    public static final long PER_MILLI = 10_000;
    public static final long PER_SECOND = 10_000_000;

    private static final long EPOCH_TICKS = 621_355_968_000_000_000L;

    private Ticks() {}

    public static long ofEpochMillis(long epochMillis) {
        return EPOCH_TICKS + epochMillis * PER_MILLI;
    }

    /** Rounded down. */
    public static long toEpochMillis(long ticks) {
        return Math.floorDiv(ticks - EPOCH_TICKS, PER_MILLI);
    }

    /** Ticks of the 1970-01-01 epoch from seconds and a nanosecond part (0 to 999,999,999; what is below 100 ns is cut off). */
    public static long ofEpochSecond(long epochSecond, int nanos) {
        return EPOCH_TICKS + epochSecond * PER_SECOND + nanos / 100;
    }

    public static long epochSecond(long ticks) {
        return Math.floorDiv(ticks - EPOCH_TICKS, PER_SECOND);
    }

    /** 0 to 9,999,999. */
    public static int ticksOfSecond(long ticks) {
        return (int) Math.floorMod(ticks - EPOCH_TICKS, PER_SECOND);
    }
}
