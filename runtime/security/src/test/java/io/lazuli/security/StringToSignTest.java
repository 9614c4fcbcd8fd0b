package io.lazuli.security;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The published examples of "Authorize with Shared Key", and what its text promises beyond them. */
class StringToSignTest {

    @ParameterizedTest
    @EnumSource(StringToSign.Form.class)
    void sharedKeyExampleGetContainerMetadata(StringToSign.Form form) {
        FakeRequest request = FakeRequest.of(
                "GET", "http://myaccount.blob.core.windows.net/mycontainer?comp=metadata&restype=container&timeout=20",
                Map.of("x-ms-date", "Fri, 26 Jun 2015 23:39:12 GMT", "x-ms-version", "2015-02-21"));
        assertEquals(
                "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\nx-ms-version:2015-02-21\n"
                        + "/myaccount/mycontainer\ncomp:metadata\nrestype:container\ntimeout:20",
                StringToSign.of(SharedKeyScheme.SHARED_KEY, StorageService.BLOB, "myaccount", request, form));
    }

    @Test
    void sharedKeyLiteExamplePutBlob() {
        FakeRequest request = FakeRequest.of(
                "PUT", "http://testaccount1.blob.core.windows.net/mycontainer/hello.txt",
                Map.of("Content-Type", "text/plain; charset=UTF-8", "x-ms-date", "Sun, 20 Sep 2009 20:36:40 GMT",
                        "x-ms-meta-m2", "v2", "x-ms-meta-m1", "v1"));
        assertEquals(
                "PUT\n\ntext/plain; charset=UTF-8\n\nx-ms-date:Sun, 20 Sep 2009 20:36:40 GMT\nx-ms-meta-m1:v1\nx-ms-meta-m2:v2\n"
                        + "/testaccount1/mycontainer/hello.txt",
                StringToSign.of(SharedKeyScheme.SHARED_KEY_LITE, StorageService.BLOB, "testaccount1", request, StringToSign.Form.PLAIN));
    }

    @Test
    void tableExamples() {
        FakeRequest request = FakeRequest.of(
                "GET", "http://testaccount1.table.core.windows.net/Tables",
                Map.of("Date", "Sun, 11 Oct 2009 19:52:39 GMT", "x-ms-version", "2009-09-19"));
        assertEquals("GET\n\n\nSun, 11 Oct 2009 19:52:39 GMT\n/testaccount1/Tables",
                StringToSign.of(SharedKeyScheme.SHARED_KEY, StorageService.TABLE, "testaccount1", request, StringToSign.Form.PLAIN));
        assertEquals("Sun, 11 Oct 2009 19:52:39 GMT\n/testaccount1/Tables",
                StringToSign.of(SharedKeyScheme.SHARED_KEY_LITE, StorageService.TABLE, "testaccount1", request, StringToSign.Form.PLAIN));
    }

    @Test
    void repeatedParametersAreSortedAndJoined() {
        FakeRequest request = FakeRequest.of(
                "GET", "http://myaccount.blob.core.windows.net/container?restype=container&comp=list&include=snapshots&include=metadata&include=uncommittedblobs",
                Map.of());
        assertResourceOf(request, "/myaccount/container\ncomp:list\ninclude:metadata,snapshots,uncommittedblobs\nrestype:container");
    }

    @Test
    void emulatorPathsCarryTheAccountTwice() {
        assertResourceOf(
                FakeRequest.of("GET", "http://127.0.0.1:10001/myaccount/myqueue?comp=metadata", Map.of()),
                "/myaccount/myaccount/myqueue\ncomp:metadata");
    }

    @Test
    void secondaryHostSignsThePrimaryAccount() {
        assertResourceOf(
                FakeRequest.of("GET", "https://myaccount-secondary.blob.core.windows.net/mycontainer/myblob", Map.of()),
                "/myaccount/mycontainer/myblob");
    }

    @ParameterizedTest
    @CsvSource({
        "2014-02-14, 0, '0'",
        "2015-02-21, 0, ''",
        "2021-12-02, 0, ''",
        "2014-02-14, 27, '27'",
        "2021-12-02, 27, '27'",
    })
    void emptyBodySignsItsLengthInOldVersionsOnly(String version, String length, String signed) {
        FakeRequest request = FakeRequest.of("PUT", "http://h/a/q", Map.of("Content-Length", length, "x-ms-version", version));
        String text = StringToSign.of(SharedKeyScheme.SHARED_KEY, StorageService.QUEUE, "a", request, StringToSign.Form.PLAIN);
        assertEquals(signed, text.split("\n", -1)[3]);
    }

    @ParameterizedTest
    @CsvSource({"2015-12-11, false", "2016-05-31, true"})
    void headersWithoutValueAreSignedInNewVersionsOnly(String version, boolean signed) {
        FakeRequest request = FakeRequest.of("PUT", "http://h/a/q", Map.of("x-ms-meta-a", "", "x-ms-version", version));
        String text = StringToSign.of(SharedKeyScheme.SHARED_KEY, StorageService.QUEUE, "a", request, StringToSign.Form.PLAIN);
        assertEquals(signed, text.contains("\nx-ms-meta-a:\n"));
    }

    @Test
    void literalFormFoldsBlanksAndSortsByCode() {
        FakeRequest request = FakeRequest.of(
                "PUT", "http://h/a/q", Map.of("x-ms-meta-a_b", " x \t y ", "x-ms-meta-a1", "z", "x-ms-version", "2021-12-02"));
        String literal = StringToSign.of(SharedKeyScheme.SHARED_KEY, StorageService.QUEUE, "a", request, StringToSign.Form.LITERAL);
        assertEquals("x-ms-meta-a1:z\nx-ms-meta-a_b:x y\nx-ms-version:2021-12-02\n/a/a/q", literal.substring(literal.indexOf("x-ms-")));
    }

    private static void assertResourceOf(FakeRequest request, String expected) {
        String text = StringToSign.of(SharedKeyScheme.SHARED_KEY, StorageService.QUEUE, "myaccount", request, StringToSign.Form.PLAIN);
        assertEquals(expected, text.substring(text.indexOf("/myaccount")));
    }
}
