package io.lazuli.kernel.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class WireRegistryTest {

    @Test
    void orderOfCatalogsDoesNotMatter() {
        WireCatalog first = r -> r.message(1000, TestCatalog.Dot.class);
        WireCatalog second = r -> r.message(1100, TestCatalog.Colour.class);
        assertEquals(WireRegistry.of(List.of(first, second)).types(), WireRegistry.of(List.of(second, first)).types());
    }

    @Test
    void catalogsOfTheClassPathAreFound() {
        assertEquals(TestCatalog.Dot.class, WireRegistry.load(getClass().getClassLoader()).types().get(9001));
    }

    @Test
    void clashesAndForeignTypesStopTheStart() {
        refused("the number is taken", r -> r.message(1000, TestCatalog.Dot.class), r -> r.message(1000, TestCatalog.Box.class));
        refused("the class is registered", r -> r.message(1000, TestCatalog.Dot.class), r -> r.message(1001, TestCatalog.Dot.class));
        refused("numbers are within", r -> r.message(999, TestCatalog.Dot.class));
        refused("only records and enums", r -> r.message(1000, Thread.class));
        refused("only records and enums", r -> r.message(1000, TestCatalog.Shape.class));
    }

    private static void refused(String why, WireCatalog... catalogs) {
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> WireRegistry.of(List.of(catalogs)));
        assertTrue(e.getMessage().contains(why), e.getMessage());
    }
}
