// holdfast-admin: sets up and looks after an organisation.
#include "app/admin/commands.h"

#include <QCoreApplication>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cstdio>

namespace {

constexpr char help[] = R"(holdfast-admin COMMAND [OPTIONS]

On the store itself, while central is stopped (--config FILE):
  init --name ORGANISATION --login LOGIN [--admin NAME] [--password-file FILE]
                              makes keys, store and the first administrator
  recover --login LOGIN [--password-file FILE]
                              lets an administrator in again who lost the password or was disabled
  sample [--messages N] [--seed N] [--days N] --password-file FILE
                              fills a new store with a made-up insurer
  epoch begin                 lets a store that was restored to an earlier point append again
  log-key show                the log's public key, for those who verify exports; with --server URL [--ca FILE] a
                              running central tells it
  log-key rotate              signs with a new key from now on; the old one signs that it follows, and is destroyed

Through a running central, or on the store while central is stopped:
  verify [--anchors DIR]      recomputes every leaf, chain, tree, checkpoint, commitment and signature; on the store,
                              compares with the checkpoints that were kept elsewhere ([anchor] of --config, or DIR)
  export --format jsonl --out FILE

Through a running central (--config FILE or --server URL [--ca FILE]; --login LOGIN [--password-file FILE]):
  user add --user LOGIN --name NAME --role agent|supervisor|administrator [--team TEAM] [--new-password-file FILE]
                              --user is the new login; with --team NAME the person may read that team at once
  user disable --user LOGIN | user enable --user LOGIN
  user password --user LOGIN [--new-password-file FILE]
                              sets a new one; whoever is signed in with the old one is signed out
  scope add --name NAME [--type team|room|direct]
  grant add --user LOGIN --scope NAME
  grant end --user LOGIN --scope NAME
  room add --scope NAME --title TITLE
  device list
  device revoke --device ID
  device release --device ID  one that was held back because its key was in use on two computers, once one copy is left
  policies load FILE
  api-key list
  api-key add|rotate|revoke --name NAME
                              the key of another system; a new one is printed once and kept as a hash only
  inbox replay                reads the webhook bodies again that could not be read, after a fix
  erase --entry ID | --thread ID | --person ID [--reason WORD]
                              destroys contents and files, for good; headers and proofs stay

On a desk:
  key show --data DIR --server URL --login LOGIN [--password-file FILE] [--passphrase-file FILE]
                              prints the raw key of the person's own desk; recorded in the audit first

Secrets are asked for at the terminal, or read from the named file ("-": standard input).
Exit codes: 0 done, 1 failed or something was found, 2 wrong usage.
)";

} // namespace

int main(int argc, char** argv)
{
    using namespace holdfast;
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
    umask(077);
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationVersion(QStringLiteral(HOLDFAST_VERSION));
    const QStringList arguments = QCoreApplication::arguments().mid(1);
    using Command = Status (*)(const QStringList&);
    const std::map<QString, Command> commands = {
        {QStringLiteral("init"), admin::initCommand},       {QStringLiteral("sample"), admin::sampleCommand},
        {QStringLiteral("verify"), admin::verifyCommand},   {QStringLiteral("export"), admin::exportCommand},
        {QStringLiteral("user"), admin::userCommand},       {QStringLiteral("scope"), admin::scopeCommand},
        {QStringLiteral("grant"), admin::grantCommand},     {QStringLiteral("room"), admin::roomCommand},
        {QStringLiteral("device"), admin::deviceCommand},   {QStringLiteral("policies"), admin::policiesCommand},
        {QStringLiteral("key"), admin::keyCommand},         {QStringLiteral("epoch"), admin::epochCommand},
        {QStringLiteral("log-key"), admin::logKeyCommand},  {QStringLiteral("api-key"), admin::apiKeyCommand},
        {QStringLiteral("inbox"), admin::inboxCommand},     {QStringLiteral("erase"), admin::eraseCommand},
        {QStringLiteral("recover"), admin::recoverCommand},
    };
    if (arguments.contains(QStringLiteral("--help")) || arguments.isEmpty()) {
        std::fputs(help, arguments.isEmpty() ? stderr : stdout);
        return arguments.isEmpty() ? 2 : 0;
    }
    if (arguments.first() == QStringLiteral("--version")) {
        std::printf("holdfast-admin %s\n", HOLDFAST_VERSION);
        return 0;
    }
    const auto command = commands.find(arguments.first());
    if (command == commands.end()) {
        std::fputs(help, stderr);
        return 2;
    }
    const Status status = command->second(arguments.mid(1));
    if (status)
        return 0;
    std::fprintf(stderr, "holdfast-admin: %s\n", qUtf8Printable(status.error().text));
    return status.error().code == ErrorCode::invalidInput ? 2 : 1;
}
