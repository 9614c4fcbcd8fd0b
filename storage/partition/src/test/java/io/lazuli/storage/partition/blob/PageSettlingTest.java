package io.lazuli.storage.partition.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lazuli.storage.partition.blob.BlobCommand.SettlePages;
import io.lazuli.storage.partition.blob.BlobCommand.SettlePages.Settled;
import io.lazuli.storage.partition.blob.BlobContent.Cut;
import io.lazuli.storage.partition.blob.BlobContent.Pages;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PageSettlingTest {

    private static final long WINDOW = PageWindow.WINDOW_BYTES;
    private static final long CONTENT = 9;

    /** Cuts of the generations 10, 11 …, ten windows apart, but from the hundredth on five. */
    private static Pages content(int cuts) {
        List<Cut> all = new ArrayList<>();
        long size = 0;
        for (int i = 0; i < cuts; i++) {
            size += i > 100 && i < 150 ? 5 * WINDOW : 10 * WINDOW;
            all.add(new Cut(10 + i, size));
        }
        return new Pages(CONTENT, size, 10 + cuts, all);
    }

    @Test
    void nothingIsSettledWhileThereIsRoom() {
        assertTrue(PageSettling.of("p", content(PageMap.MAX_CUTS - 1)).isEmpty());
    }

    @Test
    void allOlderWindowsBetweenTheClosestCutsAreSettledSomeAtATime() {
        Pages content = content(PageMap.MAX_CUTS);
        PageSettling settling = PageSettling.of("p", content).orElseThrow();
        Cut first = content.cuts().get(100);
        Settled settled = new Settled(first.sizeBytes(), first.sizeBytes() + 80 * WINDOW, first.generation() + PageSettling.CUTS_AT_ONCE - 1);
        assertEquals(BlobRows.parse(BlobRows.pagesKey("p", CONTENT, settled.from())), BlobRows.parse(settling.fromKey()));
        assertEquals(BlobRows.parse(BlobRows.pagesKey("p", CONTENT, settled.end())), BlobRows.parse(settling.toKey()));
        List<SettlePages> commands = new ArrayList<>();
        for (long at = settled.from(); at < settled.end(); at += WINDOW) {
            boolean young = at % (7 * WINDOW) == 0;
            byte[] value = new PageWindow(settled.generation() - (young ? 0 : 1), List.of()).encode();
            settling.row(BlobRows.pagesKey("p", CONTENT, at), value).ifPresent(commands::add);
            settling.row(BlobRows.formerPagesKey("p", CONTENT, at, 3), new PageWindow(3, List.of()).encode()).ifPresent(commands::add);
        }
        commands.add(settling.end());
        assertEquals(3, commands.size());
        assertTrue(commands.stream().allMatch(command -> command.windows().size() <= PageSettling.MAX_WINDOWS));
        assertEquals(LongStream.iterate(settled.from(), at -> at < settled.end(), at -> at + WINDOW).filter(at -> at % (7 * WINDOW) != 0).boxed().toList(),
                commands.stream().flatMap(command -> command.windows().stream()).toList());
        assertEquals(settled, commands.getLast().settled());
        assertTrue(commands.subList(0, 2).stream().allMatch(command -> command.settled() == null));
        List<Cut> kept = PageMap.settled(content, settled).cuts();
        assertEquals(PageMap.MAX_CUTS - PageSettling.CUTS_AT_ONCE, kept.size());
        assertEquals(content.cuts().get(116), kept.get(100));
    }
}
