// The model's sign-ins: access tokens that live ten minutes, refresh tokens that are good once.
#pragma once

#include "storage/sync/wire.h"

#include <map>

namespace holdfast::simulation {

class CentralSessions
{
public:
    [[nodiscard]] sync::Tokens signIn(int desk, qint64 nowMs);
    // A spent refresh token that comes again ends its family.
    [[nodiscard]] sync::Outcome<sync::Tokens> renew(const QByteArray& refresh, qint64 nowMs);
    [[nodiscard]] std::optional<int> deskOf(const QByteArray& token, qint64 nowMs) const; // nothing: not signed in

    void endToken(int desk);
    void signOut(int desk);
    [[nodiscard]] bool isGood(const QByteArray& refresh) const; // a renewal with it would succeed

private:
    struct Family
    {
        int desk = 0;
        QByteArray refresh; // the one that is good; empty: the family ended
    };
    struct Access
    {
        int family = 0;
        qint64 expiresAt = 0;
    };
    [[nodiscard]] sync::Tokens turn(int number, qint64 nowMs);
    void endTokensOf(int family);

    std::map<int, Family> families_;
    std::map<QByteArray, int> byRefresh_;  // spent ones too
    std::map<QByteArray, Access> byToken_; // older ones of a family stay good until their end
    std::map<int, int> newest_;            // family of a desk
    int serial_ = 0;
};

} // namespace holdfast::simulation
