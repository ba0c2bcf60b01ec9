// The fixed ids of an organisation: made once by initialise(), the same for the life of its log.
#pragma once

#include "models/base/ids.h"

#include <QString>

namespace holdfast::store {

struct Organisation
{
    OrgId id;
    QString name;
    ScopeId everyone;        // people, devices, scopes, grants and log.heads: every active user has it without a grant
    ScopeId audit;           // recorded acts
    ThreadId structure;      // thread of user.profile, scope.defined, grants and devices (scope: everyone)
    ThreadId auditThread;    // thread of recorded acts (scope: audit)
    ThreadId logThread;      // thread of log.heads (scope: everyone)
    QByteArray logPublicKey; // 32 bytes
    Epoch epoch;
};

} // namespace holdfast::store
