// First run and sign-in, step by step against central. Blocking: run it on a worker.
#pragma once

#include "models/base/random.h"
#include "storage/local/desk_directory.h"
#include "storage/local/key_slots.h"
#include "storage/sync/open_desk.h"

namespace holdfast::sync {

struct Credentials
{
    QString login;
    QString password;
};

[[nodiscard]] Outcome<Organisation> askOrganisation(Transport& transport);

class Enrolment
{
public:
    Enrolment(const local::DeskDirectory& directory, RandomSource& random, std::optional<local::PassphraseCost> cost);

    // Signs in, registers a new device key, makes the encrypted database with the identity inside, then the key slot.
    // conflict: this computer already has a desk of this person. Never touches the files of another desk.
    [[nodiscard]] Result<UnlockedDesk> enrol(Transport& transport, const Credentials& credentials,
                                             const QString& passphrase) const;

private:
    [[nodiscard]] Result<local::DeskFiles> freeFiles(const local::DeskRecord& record) const;

    const local::DeskDirectory& directory_;
    RandomSource& random_;
    std::optional<local::PassphraseCost> cost_;
};

// A session for a device that is enrolled already; the person must be the desk's own.
[[nodiscard]] Result<Tokens> signInDevice(Transport& transport, const Credentials& credentials, const UserId& user,
                                          const log::SigningKey& key);

} // namespace holdfast::sync
