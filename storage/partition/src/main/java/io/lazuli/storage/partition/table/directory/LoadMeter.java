package io.lazuli.storage.partition.table.directory;

/** How many operations a second there are, from counts that come now and then and from several sources: an average whose past fades. */
final class LoadMeter {

    /** After so long the past counts for some third. */
    private static final double FADING_MILLIS = 10_000;
    private static final double MILLIS_PER_SECOND = 1_000;

    private double perSecond;
    private long atMillis;

    void add(long operations, long nowMillis) {
        perSecond = perSecond(nowMillis) + operations * MILLIS_PER_SECOND / FADING_MILLIS;
        atMillis = nowMillis;
    }

    double perSecond(long nowMillis) {
        return perSecond * Math.exp(-Math.max(0, nowMillis - atMillis) / FADING_MILLIS);
    }
}
