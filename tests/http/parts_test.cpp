#include "central/http/multipart.h"
#include "central/http/url.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::http;

TEST_CASE("Multipart comes apart as it was put together")
{
    const std::vector<Part> parts{{"messaging_product", {}, {}, "whatsapp"},
                                  {"file", "quote\"d.pdf", "application/pdf", QByteArray("%PDF\r\n--not\0it\r\n", 16)},
                                  {"empty", {}, {}, {}}};
    const MultipartBody built = buildMultipart(parts, "0123456789abcdef");
    const auto parsed = parseMultipart(built.contentType, built.body);
    REQUIRE(parsed);
    REQUIRE(parsed->size() == 3);
    CHECK(parsed->at(0).body == "whatsapp");
    CHECK(parsed->at(1).name == "file");
    CHECK(parsed->at(1).fileName == "quote%22d.pdf");
    CHECK(parsed->at(1).contentType == "application/pdf");
    CHECK(parsed->at(1).body == parts[1].body);
    CHECK(parsed->at(2).body.isEmpty());
    CHECK(parseMultipart("multipart/form-data; boundary=\"0123456789abcdef\"", built.body));
}

TEST_CASE("Multipart that is not well formed is refused")
{
    const MultipartBody good = buildMultipart({{"a", "f", "text/plain", "body"}}, "bnd");
    CHECK_FALSE(parseMultipart("application/json", good.body));
    CHECK_FALSE(parseMultipart("multipart/form-data", good.body));
    CHECK_FALSE(parseMultipart("multipart/form-data; boundary=other", good.body));
    CHECK_FALSE(parseMultipart("multipart/form-data; boundary=" + QByteArray(71, 'b'), good.body));
    const QByteArray end = "--bnd--";
    for (qsizetype cut = 0; cut < good.body.indexOf(end) + end.size(); ++cut) {
        INFO(cut);
        CHECK_FALSE(parseMultipart(good.contentType, good.body.left(cut)));
    }
    CHECK_FALSE(
        parseMultipart(good.contentType, buildMultipart(std::vector<Part>(33, Part{"a", {}, {}, "b"}), "bnd").body));
}

TEST_CASE("Flipped multipart bytes never do harm")
{
    const MultipartBody good = buildMultipart({{"a", "f", "text/plain", "body"}, {"b", {}, {}, "x"}}, "bnd");
    int accepted = 0;
    for (qsizetype at = 0; at < good.body.size(); ++at) {
        for (const char to : {'\0', '\r', '\n', '-', '"', ';', '\xff'}) {
            QByteArray bytes = good.body;
            bytes[at] = to;
            const auto parsed = parseMultipart(good.contentType, bytes);
            accepted += parsed ? 1 : 0;
            if (parsed)
                CHECK(parsed->size() <= 2);
        }
    }
    CHECK(accepted > 0); // the control: flips inside bodies are fine
}

TEST_CASE("Addresses come apart without a byte changed")
{
    const auto url = parseUrl("HTTPS://Look.Example.com:8443/a%7Eb/../c?sig=%2B%3d&x=1#frag");
    REQUIRE(url);
    CHECK(url->origin.scheme == "https");
    CHECK(url->origin.host == "look.example.com");
    CHECK(url->origin.port == 8443);
    CHECK(url->target == "/a%7Eb/../c?sig=%2B%3d&x=1");
    CHECK(url->hostField() == "look.example.com:8443");
    CHECK(parseUrl("http://[::1]:80?q")->target == "/?q");
    CHECK(parseUrl("http://[::1]:80")->hostField() == "[::1]");
    CHECK(parseUrl("https://a")->origin.port == 443);
    for (const QByteArray bad : {"", "a", "//a/", "ftp://a", "http://", "http:///x", "http://u:p@a/", "http://a:0/",
                                 "http://a:65536/", "http://a:1x/", "http://[::1/", "http://a\r\nX: y/",
                                 "http://\xc3\xa4/", "http://a/ b", "http://a%2fb/", "http://[a.b]x/"}) {
        INFO(bad.toStdString());
        CHECK_FALSE(parseUrl(bad));
    }
}

TEST_CASE("Locations resolve against their base")
{
    const Url base = *parseUrl("https://a.example/x/y?z");
    CHECK(resolveLocation(base, "/n")->text() == "https://a.example/n");
    CHECK(resolveLocation(base, "../n")->text() == "https://a.example/n");
    CHECK(resolveLocation(base, "?q=1")->text() == "https://a.example/x/y?q=1");
    CHECK(resolveLocation(base, "//b.example/n")->text() == "https://b.example/n");
    CHECK(resolveLocation(base, "/back?to=https://c.example/")->origin.host == "a.example");
    CHECK(resolveLocation(base, "http://b.example:81/n")->text() == "http://b.example:81/n");
    CHECK_FALSE(resolveLocation(base, "javascript:alert(1)"));
    CHECK_FALSE(resolveLocation(base, "file:///etc/passwd"));
    CHECK_FALSE(resolveLocation(base, "https://u@b.example/"));
}

TEST_CASE("Queries and bearer tokens are read strictly")
{
    Request request;
    request.query = "hub.mode=subscribe&hub.challenge=1%2B2&empty&plus=a+b&bad=%zz";
    CHECK(request.queryValue("hub.mode") == QByteArray("subscribe"));
    CHECK(request.queryValue("hub.challenge") == QByteArray("1+2"));
    CHECK(request.queryValue("empty") == QByteArray());
    CHECK(request.queryValue("plus") == QByteArray("a b"));
    CHECK_FALSE(request.queryValue("bad"));
    CHECK_FALSE(request.queryValue("none"));
    request.headers.set("authorization", "bearer abc");
    CHECK(request.bearerToken() == "abc");
    request.headers.set("Authorization", "Basic abc");
    CHECK(request.bearerToken().isEmpty());
}
