// The bulk statements of RowBatch: one JSON parameter each.
#pragma once

#include <QString>

namespace holdfast::local::rows {

extern const QString message;
extern const QString messageTerms;
extern const QString messageIdentifier;
extern const QString delivery;
extern const QString provider;
extern const QString attachment;
extern const QString link;
extern const QString pendingLink;
extern const QString marker;
extern const QString member;
extern const QString person;
extern const QString policy;
extern const QString personWinners;
extern const QString policyWinners;
extern const QString staff;
extern const QString scope;
extern const QString grant;
extern const QString device;
extern const QString revoked;
extern const QString heads;
extern const QString firstPolicy;

} // namespace holdfast::local::rows
