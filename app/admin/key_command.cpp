// key show: the raw key of a person's own desk.
#include "app/admin/commands.h"
#include "app/admin/remote.h"
#include "models/base/random.h"
#include "storage/local/desk_directory.h"
#include "storage/local/key_slots.h"
#include "storage/sql/secret_bytes.h"

#include <QJsonObject>

#include <cstdio>

namespace holdfast::admin {

Status keyCommand(const QStringList& words)
{
    auto arguments = Arguments::parse(
        words, remoteOptions() + QStringList{QStringLiteral("data"), QStringLiteral("passphrase-file")});
    if (!arguments)
        return tl::unexpected(arguments.error());
    if (arguments->words() != QStringList{QStringLiteral("show")})
        return fail(ErrorCode::invalidInput, QStringLiteral("Expected: key show"));
    auto login = arguments->required(QStringLiteral("login"));
    if (!login)
        return tl::unexpected(login.error());
    const local::DeskDirectory directory(
        arguments->option(QStringLiteral("data"), local::DeskDirectory::defaultRoot()));
    auto desks = directory.desks();
    if (!desks)
        return tl::unexpected(desks.error());
    for (const local::DeskRecord& desk : *desks) {
        if (desk.login.compare(*login, Qt::CaseInsensitive) != 0)
            continue;
        SystemRandom random;
        auto passphrase =
            readSecret(*arguments, QStringLiteral("passphrase"), QStringLiteral("Passphrase of the desk"));
        if (!passphrase)
            return tl::unexpected(passphrase.error());
        auto key = local::KeySlots(directory.filesOf(desk.org, desk.user).keys(), random).open(*passphrase);
        if (!key)
            return tl::unexpected(key.error());
        // Recorded first: a key that was shown without a record would be worse than one not shown.
        auto client = connectTo(*arguments);
        if (!client)
            return tl::unexpected(client.error());
        auto recorded =
            (*client)->post(QStringLiteral("/v1/acts"), {{QStringLiteral("kind"), QStringLiteral("key.shown")}});
        if (!recorded)
            return tl::unexpected(recorded.error());
        std::printf("%s\n", key->view().toByteArray().toHex().constData());
        return {};
    }
    return fail(ErrorCode::notFound, QStringLiteral("There is no desk of this login in the data folder."));
}

} // namespace holdfast::admin
