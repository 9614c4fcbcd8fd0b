package io.lazuli.storage.protocol.xml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class XmlTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
        "<t>plain</t>|plain",
        "<t/>|",
        "<t />|",
        "<t></t>|",
        "<t>  </t>|  ",
        "<t>a&lt;b&gt;&amp;&quot;&apos;</t>|a<b>&\"'",
        "<t>&#65;&#x42;&#x1F600;</t>|AB😀",
        "<t><![CDATA[<a>&amp;]] >]]></t>|<a>&amp;]] >",
        "<t>a<!-- no -->b<?pi x?>c</t>|abc",
        "<t a='1' b=\"&lt;>\">x</t>|x",
        "<ns:t xmlns:ns='u'>x</ns:t >|x",
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><t>x</t>|x",
        "<?xml version='1.0'?> <!-- c --><t>x</t> <!-- d -->|x",
        "\uFEFF<t>x</t>|x",
        "<t>é😀</t>|é😀",
        "<t>a]]b]></t>|a]]b]>",
    })
    void readsText(String document, String expected) throws XmlException {
        assertEquals(expected == null ? "" : expected, XmlParser.parse(utf8(document)).text());
    }

    @Test
    void lineEndsBecomeLineFeedsUnlessReferred() throws XmlException {
        assertEquals("a\nb\nc\n\rd\n", XmlParser.parse(utf8("<t>a\r\nb\rc\n&#13;d<![CDATA[\r\n]]></t>")).text());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "x", "<", "<t", "<t>", "<t>x", "<t>x</t", "<t>x</u>", "<t>x</tt>", "<t></t><u/>", "<t/>x", "<t><u></t></u>",
        "<!DOCTYPE t><t/>", "<!DOCTYPE t [<!ENTITY e 'x'>]><t>&e;</t>", "<t>&e;</t>", "<t>&</t>", "<t>&lt</t>", "<t>&#0;</t>",
        "<t>&#xFFFF;</t>", "<t>&#xD800;</t>", "<t>&#x110000;</t>", "<t>&#;</t>", "<t>&#-65;</t>", "<t>&#+65;</t>", "<t>]]></t>", "<t a=1/>", "<t a='<'/>", "<t a='x/>",
        "<t a='1'b='2'/>", "<1t/>", "< t/>", "<t><!-- -- --></t>", "<t><![CDATA[x]]</t>", "<t>\u0000</t>", "<t>\u0007</t>",
        "<t>\uFFFE</t>", "<?xml version='1.0' encoding='utf-16'?><t/>", "<?xml version='1.0'", "<a><a><a><a><a><a><a><a><a/></a></a></a></a></a></a></a></a>",
    })
    void refusesWhatIsNotWellFormed(String document) {
        assertThrows(XmlException.class, () -> XmlParser.parse(utf8(document)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "c328", "c080", "eda080", "f4908080", "e28228", "f09f98"})
    void refusesBytesThatAreNotUtf8(String hex) {
        byte[] middle = java.util.HexFormat.of().parseHex(hex);
        byte[] document = new byte[7 + middle.length];
        System.arraycopy(utf8("<t>"), 0, document, 0, 3);
        System.arraycopy(middle, 0, document, 3, middle.length);
        System.arraycopy(utf8("</t>"), 0, document, 3 + middle.length, 4);
        assertThrows(XmlException.class, () -> XmlParser.parse(document));
    }

    @Test
    void elementsAreBounded() throws XmlException {
        XmlParser.parse(utf8("<t>" + "<a/>".repeat(XmlParser.MAX_ELEMENTS - 1) + "</t>"));
        assertThrows(XmlException.class, () -> XmlParser.parse(utf8("<t>" + "<a/>".repeat(XmlParser.MAX_ELEMENTS) + "</t>")));
    }

    @Test
    void findsChildrenByName() throws XmlException {
        XmlElement root = XmlParser.parse(utf8("<r> <a>1</a><b><c>2</c></b><a>3</a></r>"));
        assertEquals("1", root.child("a").text());
        assertEquals("2", root.child("b").child("c").text());
        assertEquals(3, root.children().size());
    }

    @Test
    void randomBytesNeverBreakTheParser() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] good = utf8("<?xml version='1.0'?><a b='c'>x&amp;y<![CDATA[z]]><!-- d --><e/>é</a>");
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = good.clone();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                XmlParser.parse(java.util.Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length)));
            } catch (XmlException e) {
                // the promised answer to what is broken
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void whatIsWrittenIsReadByOurselvesAndByTheJdk() throws Exception {
        String text = "a<b>&\"'\r\n\t é😀 ]]> \u007f";
        byte[] document = new XmlWriter(10).open("r", "a", "<\"&").element("t", text).element("t", utf8(text)).element("n", 5).element("e", "").close("r").toBytes();
        XmlElement root = XmlParser.parse(document);
        assertEquals(text, root.children().get(0).text());
        assertArrayEquals(utf8(text), root.children().get(1).textBytes());
        var dom = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(document));
        assertEquals(text, dom.getElementsByTagName("t").item(0).getTextContent());
        assertEquals("<\"&", dom.getDocumentElement().getAttribute("a"));
    }

    @Test
    void charactersThatXmlDoesNotAllowAreReplaced() throws XmlException {
        byte[] document = new XmlWriter(10).element("t", utf8("a\u0000b\u001fc\uFFFEd\uFFFFe\uFFFDf")).toBytes();
        assertEquals("a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFDf", XmlParser.parse(document).text());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
