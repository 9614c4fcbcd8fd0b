package io.lazuli.storage.partition.table;

/** Is told of what a range decides about its rows. */
interface ChangeListener {

    ChangeListener NOBODY = new ChangeListener() {
        @Override
        public void changed(RowKey key) {}

        @Override
        public void dropped(byte[] from, byte[] to) {}
    };

    void changed(RowKey key);

    /** All rows from there on and before {@code to} are gone. */
    void dropped(byte[] from, byte[] to);
}
