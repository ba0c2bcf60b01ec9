#include "tests/http/http_fixture.h"

#include <catch2/catch_test_macros.hpp>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

namespace holdfast::test {
namespace {

struct Free
{
    void operator()(X509* one) const { X509_free(one); }
    void operator()(EVP_PKEY* one) const { EVP_PKEY_free(one); }
    void operator()(X509_EXTENSION* one) const { X509_EXTENSION_free(one); }
    void operator()(std::FILE* one) const { std::fclose(one); }
};

void addExtension(X509* certificate, int kind, const char* value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const std::unique_ptr<X509_EXTENSION, Free> extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
    REQUIRE(extension);
    REQUIRE(X509_add_ext(certificate, extension.get(), -1) == 1);
}

} // namespace

Result<http::ClientResponse> call(http::Client& client, http::ClientRequest request)
{
    const auto answer = std::make_shared<Promised<Result<http::ClientResponse>>>();
    client.send(std::move(request), [answer](Result<http::ClientResponse> result) { answer->give(std::move(result)); });
    auto got = answer->get(std::chrono::seconds(60));
    REQUIRE(got);
    return *got;
}

http::ClientRequest getOf(quint16 port, const QByteArray& target)
{
    http::ClientRequest request;
    request.url = "http://127.0.0.1:" + QByteArray::number(port) + target;
    return request;
}

http::ClientRequest postOf(quint16 port, const QByteArray& target, const QByteArray& body)
{
    http::ClientRequest request = getOf(port, target);
    request.method = "POST";
    request.body = body;
    return request;
}

http::TlsFiles makeCertificate(const QTemporaryDir& folder)
{
    const std::unique_ptr<EVP_PKEY, Free> key(EVP_EC_gen("P-256"));
    const std::unique_ptr<X509, Free> certificate(X509_new());
    REQUIRE(key);
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* const name = X509_get_subject_name(certificate.get());
    const auto* text = reinterpret_cast<const unsigned char*>("localhost");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    addExtension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    addExtension(certificate.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    REQUIRE(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);

    const http::TlsFiles files{folder.filePath(QStringLiteral("tls.pem")), folder.filePath(QStringLiteral("tls.key"))};
    const std::unique_ptr<std::FILE, Free> certificateFile(std::fopen(qPrintable(files.certificate), "w"));
    const std::unique_ptr<std::FILE, Free> keyFile(std::fopen(qPrintable(files.key), "w"));
    REQUIRE(PEM_write_X509(certificateFile.get(), certificate.get()) == 1);
    REQUIRE(PEM_write_PrivateKey(keyFile.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return files;
}

} // namespace holdfast::test
