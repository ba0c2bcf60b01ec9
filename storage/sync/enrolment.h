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

    // Signs in, registers a new device key, makes the key slot and the encrypted database with the identity inside.
    // conflict: this computer already has a desk of this person. Never touches the files of another desk.
    [[nodiscard]] Result<UnlockedDesk> enrol(Transport& transport, const Credentials& credentials,
                                             const QString& passphrase) const;

private:
    [[nodiscard]] Result<local::DeskFiles> freeFiles(const local::DeskRecord& record) const;
    [[nodiscard]] Result<std::unique_ptr<local::Database>> makeDatabase(const local::DeskFiles& files,
                                                                        const QString& passphrase) const;

    const local::DeskDirectory& directory_;
    RandomSource& random_;
    std::optional<local::PassphraseCost> cost_;
};

// A session for a device that is enrolled already; the person must be the desk's own.
[[nodiscard]] Result<Tokens> signInDevice(Transport& transport, const Credentials& credentials, const UserId& user,
                                          const QByteArray& publicKey);

} // namespace holdfast::sync
