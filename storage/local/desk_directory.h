// Where the files of a desk are, and which desks this computer knows. Readable without a key; holds no customer data.
#pragma once

#include "models/base/error.h"
#include "models/base/ids.h"

#include <QList>
#include <QUrl>

namespace holdfast::local {

// One person's desk at one organisation, as the lock screen names it.
struct DeskRecord
{
    OrgId org;
    QString organisation;
    UserId user;
    QString userName;
    QString login;
    QUrl server;
    friend bool operator==(const DeskRecord&, const DeskRecord&) = default;
};

struct DeskFiles
{
    QString folder;
    [[nodiscard]] QString history() const { return folder + QStringLiteral("/desk.db"); }
    [[nodiscard]] QString media() const { return folder + QStringLiteral("/media.db"); }
    [[nodiscard]] QString keys() const { return folder + QStringLiteral("/keys.json"); }
    [[nodiscard]] QString record() const { return folder + QStringLiteral("/desk.json"); }
};

// Folders are 0700, files 0600. Not thread-safe.
class DeskDirectory
{
public:
    explicit DeskDirectory(QString root);

    [[nodiscard]] static QString defaultRoot(); // local, non-roaming application data

    [[nodiscard]] DeskFiles filesOf(const OrgId& org, const UserId& user) const;
    // Desks whose record can be read, ordered by organisation and login; a damaged record is left out, never deleted.
    [[nodiscard]] Result<QList<DeskRecord>> desks() const;
    // Makes the folder and writes the record durably. Refuses network file systems.
    [[nodiscard]] Result<DeskFiles> prepare(const DeskRecord& record) const;

private:
    QString root_;
};

} // namespace holdfast::local
