// An insurer on loopback: central, the phone behind it, people, teams and policies. Everything in one folder.
#pragma once

#include "tests/story_support/phone_remote.h"
#include "tests/story_support/process.h"

#include <QString>
#include <QUrl>

namespace holdfast::story {

struct OrganisationOptions
{
    QString folder;
    QString storeUrl;       // empty: the embedded store in `folder`
    int sampleMessages = 0; // of history; the people and policies are there in any case
    bool testTime = false;  // central goes by the phone's time, which phone() moves
};

class Organisation
{
public:
    explicit Organisation(OrganisationOptions options);

    // Words about what failed; empty: everything runs.
    [[nodiscard]] QString setUp();
    [[nodiscard]] QString startCentral();
    void stopCentral() { central_.stop(); }
    void killCentral() { central_.kill(); }
    [[nodiscard]] QByteArray centralErrors() { return central_.errors(); } // what it said on stderr since asked
    void stop();
    [[nodiscard]] QByteArray controlAddress() const; // of the phone

    [[nodiscard]] qint64 metric(const QString& name) const; // a figure of central's; -1 when it does not answer
    [[nodiscard]] QString verify() const;                   // words about what central's log is not; empty: all is well
    [[nodiscard]] Outcome admin(QStringList arguments) const; // with --config
    [[nodiscard]] PhoneRemote& phone() { return phone_; }
    [[nodiscard]] QUrl server() const;
    [[nodiscard]] QString password() const; // of every sample account and of the administrator "admin"
    [[nodiscard]] QString passwordFile() const { return folderFile(QStringLiteral("password")); }
    [[nodiscard]] QString folderFile(const QString& name) const { return options_.folder + u'/' + name; }

private:
    [[nodiscard]] bool writeFiles() const;

    OrganisationOptions options_;
    quint16 internalPort_ = freePort();
    quint16 publicPort_ = freePort();
    quint16 graphPort_ = 0;
    quint16 controlPort_ = 0;
    Service central_;
    Service phoneService_;
    PhoneRemote phone_;
};

} // namespace holdfast::story
