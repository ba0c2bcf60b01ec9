#include "bench/central/crowd.h"

#include "bench/support/table.h"
#include "central/api/passwords.h"
#include "models/base/digest.h"
#include "models/domain/kinds.h"

#include <future>

namespace holdfast::bench {
namespace {

void append(store::Store& store, std::vector<store::EntryToAppend> entries)
{
    for (size_t at = 0; at < entries.size(); at += 200) {
        store::AppendBatch batch;
        batch.entries.assign(entries.begin() + qsizetype(at),
                             entries.begin() + qsizetype(std::min(at + 200, entries.size())));
        std::promise<Result<std::vector<store::AppendResult>>> done;
        store.append(std::move(batch),
                     [&done](Result<std::vector<store::AppendResult>> results) { done.set_value(std::move(results)); });
        for (const store::AppendResult& result : must(done.get_future().get())) {
            if (result.outcome != store::AppendResult::Outcome::accepted)
                giveUp(result.refusal.text);
        }
    }
}

Status signIn(store::StoreWriter& writer, const CrowdDesk& desk, int number)
{
    store::Account account;
    account.id = desk.user;
    account.login = QStringLiteral("crowd%1").arg(number);
    account.name = account.login;
    account.role = QStringLiteral("agent");
    if (const Status put = writer.accounts().put(account); !put)
        return put;
    const QByteArray family = writer.random().bytes(16);
    const DeviceId device = log::deviceOf(desk.key->publicKey());
    if (const Status begun = writer.accounts().begin({family, desk.user, device, false}); !begun)
        return begun;
    const Timestamp end{writer.clock().now().value + 3'600'000'000};
    return writer.accounts().issue(
        {sha256({QByteArrayView(desk.token)}).toBytes(), store::Token::Kind::access, family, end, false});
}

} // namespace

Crowd makeCrowd(TemporaryStore& store, int desks, int teams)
{
    Crowd crowd;
    const store::Organisation& organisation = store.store().organisation();
    crowd.org = organisation.id;
    std::vector<store::EntryToAppend> entries;
    const auto central = [&](const ThreadId& thread, domain::Kind kind, const QByteArray& content) {
        entries.push_back(store::centralEntry(store.clock(), store.random(), thread, kind, content));
    };
    for (int i = 0; i < teams; ++i) {
        crowd.scopes.push_back(store.random().id<ScopeId>());
        crowd.rooms.push_back(store.random().id<ThreadId>());
        central(organisation.structure, domain::Kind::scopeDefined,
                domain::toJson(domain::ScopeDefined{crowd.scopes.back(), domain::ScopeType::team,
                                                    QStringLiteral("team %1").arg(i)}));
        domain::ThreadOpened opened;
        opened.type = domain::ThreadType::room;
        opened.scope = crowd.scopes.back();
        opened.title = QStringLiteral("Team %1").arg(i);
        central(crowd.rooms.back(), domain::Kind::threadOpened, domain::toJson(opened));
    }
    for (int i = 0; i < desks; ++i) {
        CrowdDesk desk;
        desk.user = store.random().id<UserId>();
        desk.token = store.random().bytes(32).toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
        central(organisation.structure, domain::Kind::grantGiven,
                domain::toJson(domain::Grant{desk.user, crowd.scopes[size_t(i % teams)]}));
        desk.key = std::make_shared<log::SigningKey>(must(log::SigningKey::fromSeed(store.random().bytes(32))));
        central(organisation.structure, domain::Kind::deviceEnrolled,
                domain::toJson(domain::DeviceEnrolled{log::deviceOf(desk.key->publicKey()), desk.user,
                                                      desk.key->publicKey(), QStringLiteral("Desk")}));
        crowd.desks.push_back(std::move(desk));
    }
    append(store.store(), std::move(entries));
    std::promise<Status> done;
    store.store().write<void>(
        [&crowd](store::StoreWriter& writer) -> Status {
            int number = 0;
            for (const CrowdDesk& desk : crowd.desks) {
                if (const Status signedIn = signIn(writer, desk, number++); !signedIn)
                    return signedIn;
            }
            return {};
        },
        [&done](Status status) { done.set_value(std::move(status)); });
    must(done.get_future().get());
    return crowd;
}

void addPerson(TemporaryStore& store, const QString& login, const QString& password, const ScopeId& scope)
{
    const api::PasswordHasher hasher({8 * 1024, 1, 1}, store.random(), 1);
    store::Account account;
    account.id = store.random().id<UserId>();
    account.login = login;
    account.name = login;
    account.role = QStringLiteral("agent");
    account.passwordHash = must(hasher.hashNow(password));
    append(store.store(),
           {store::centralEntry(store.clock(), store.random(), store.store().organisation().structure,
                                domain::Kind::grantGiven, domain::toJson(domain::Grant{account.id, scope}))});
    std::promise<Status> done;
    store.store().write<void>([&account](store::StoreWriter& writer) { return writer.accounts().put(account); },
                              [&done](Status status) { done.set_value(std::move(status)); });
    must(done.get_future().get());
}

QByteArray roomMessage(CrowdDesk& desk, const Crowd& crowd, const ThreadId& room, const QString& text, Clock& clock,
                       RandomSource& random)
{
    domain::RoomMessage message;
    message.text = text;
    const QByteArray content = domain::toJson(message);
    const QByteArray salt = random.bytes(32);
    log::AuthorPart part;
    part.entryId = random.entryId(clock.now());
    part.thread = room;
    part.kind = domain::number(domain::Kind::roomMessage);
    part.author = desk.user;
    part.device = log::deviceOf(desk.key->publicKey());
    part.deviceSeq = DeviceSeq{++desk.lastSeq};
    part.claimedAt = clock.now();
    part.commit = log::commitment(salt, part.kind, content);
    const QByteArray bytes = log::encode(part);
    const QByteArray signature = desk.key->sign(log::entryMessage(crowd.org, bytes));
    return "{\"author_part\":\"" + bytes.toBase64() + "\",\"sig\":\"" + signature.toBase64() + "\",\"salt\":\"" +
           salt.toBase64() + "\",\"content\":\"" + content.toBase64() + "\"}";
}

} // namespace holdfast::bench
