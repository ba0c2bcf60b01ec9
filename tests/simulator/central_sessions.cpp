#include "tests/simulator/central_sessions.h"

namespace holdfast::simulation {
namespace {

constexpr qint64 tokenLifeMs = 600'000;

} // namespace

sync::Tokens CentralSessions::turn(int number, qint64 nowMs)
{
    const QByteArray serial = QByteArray::number(++serial_);
    const qint64 expiresAt = nowMs + tokenLifeMs;
    families_[number].refresh = "r" + serial;
    byRefresh_["r" + serial] = number;
    byToken_["t" + serial] = {number, expiresAt};
    return {"t" + serial, "r" + serial, Timestamp{expiresAt * 1000}, {}};
}

void CentralSessions::endTokensOf(int family)
{
    std::erase_if(byToken_, [family](const auto& access) { return access.second.family == family; });
}

sync::Tokens CentralSessions::signIn(int desk, qint64 nowMs)
{
    const int number = ++serial_;
    families_[number].desk = desk;
    newest_[desk] = number;
    return turn(number, nowMs);
}

sync::Outcome<sync::Tokens> CentralSessions::renew(const QByteArray& refresh, qint64 nowMs)
{
    const auto found = byRefresh_.find(refresh);
    if (found != byRefresh_.end()) {
        Family& family = families_[found->second];
        if (family.refresh == refresh)
            return turn(found->second, nowMs);
        endTokensOf(found->second);
        family.refresh.clear();
    }
    return tl::unexpected(sync::Failure{
        {ErrorCode::denied, QStringLiteral("Sign in again.")}, 401, QStringLiteral("denied"), std::nullopt});
}

std::optional<int> CentralSessions::deskOf(const QByteArray& token, qint64 nowMs) const
{
    const auto found = byToken_.find(token);
    if (found == byToken_.end())
        return std::nullopt;
    const Access& access = found->second;
    return nowMs < access.expiresAt ? std::optional(families_.at(access.family).desk) : std::nullopt;
}

void CentralSessions::endToken(int desk)
{
    endTokensOf(newest_[desk]);
}

void CentralSessions::signOut(int desk)
{
    endToken(desk);
    families_[newest_[desk]].refresh.clear();
}

bool CentralSessions::isGood(const QByteArray& refresh) const
{
    const auto found = byRefresh_.find(refresh);
    return found != byRefresh_.end() && families_.at(found->second).refresh == refresh;
}

} // namespace holdfast::simulation
