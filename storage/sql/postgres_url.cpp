#include "storage/sql/postgres_url.h"

#include <QRegularExpression>
#include <QUrl>
#include <QUrlQuery>

namespace holdfast::sql {
namespace {

// 127.x.y.z in four numbers: "127.example.com" is a name, and names somebody else.
bool isLoopback(const QString& host)
{
    static const QRegularExpression address(QStringLiteral("\\A127(\\.[0-9]{1,3}){3}\\z"));
    return host == QLatin1StringView("localhost") || host == QLatin1StringView("::1") || address.match(host).hasMatch();
}

bool isPlain(const QString& part)
{
    for (const QChar c : part) {
        if (c.unicode() < 0x20 || c.unicode() == 0x7f)
            return false;
    }
    return true;
}

Result<QString> chooseSslMode(const QString& asked, bool loopback)
{
    if (asked.isEmpty())
        return loopback ? QStringLiteral("prefer") : QStringLiteral("verify-full");
    for (const char* known : {"require", "verify-ca", "verify-full"}) {
        if (asked == QLatin1StringView(known))
            return asked;
    }
    if (loopback && asked == QLatin1StringView("disable"))
        return asked;
    return fail(ErrorCode::invalidInput,
                QStringLiteral("The database URL's sslmode is not one of require, verify-ca and "
                               "verify-full; other hosts are reached by TLS only."));
}

} // namespace

Result<PostgresUrl> PostgresUrl::parse(const QString& text)
{
    const QUrl url(text, QUrl::StrictMode);
    const bool known = url.scheme() == QLatin1StringView("postgresql") || url.scheme() == QLatin1StringView("postgres");
    if (text.size() > 2048 || !url.isValid() || !known) {
        return fail(
            ErrorCode::invalidInput,
            QStringLiteral("The database URL is not of the form postgresql://user:password@host:port/database."));
    }
    PostgresUrl result;
    result.host = url.host(QUrl::FullyDecoded);
    result.port = quint16(url.port(5432));
    result.user = url.userName(QUrl::FullyDecoded);
    result.password = url.password(QUrl::FullyDecoded);
    result.database = url.path(QUrl::FullyDecoded).mid(1);
    const bool complete = !result.host.isEmpty() && !result.user.isEmpty() && !result.database.isEmpty() &&
                          !result.database.contains(QLatin1Char('/')) && url.port(5432) > 0 && !url.hasFragment();
    if (!complete || !isPlain(result.user) || !isPlain(result.password) || !isPlain(result.database))
        return fail(ErrorCode::invalidInput, QStringLiteral("The database URL needs a user, a host and one database."));
    const QUrlQuery query(url);
    for (const auto& [key, value] : query.queryItems()) {
        if (key != QLatin1StringView("sslmode"))
            return fail(ErrorCode::invalidInput, QStringLiteral("The database URL has a setting other than sslmode."));
    }
    const Result<QString> mode =
        chooseSslMode(query.queryItemValue(QStringLiteral("sslmode")), isLoopback(result.host));
    if (!mode)
        return tl::unexpected(mode.error());
    result.sslMode = *mode;
    return result;
}

} // namespace holdfast::sql
