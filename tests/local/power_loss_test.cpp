// The power goes at any moment: what was acknowledged to the person is there afterwards, and the rest is whole.
#include "storage/local/desk_settings.h"
#include "tests/disk_support/simulated_disk.h"
#include "tests/disk_support/sql_faults.h"
#include "tests/local/desk_fixture.h"

using namespace holdfast;
using namespace holdfast::test;
using domain::Kind;

namespace {

constexpr int cutsPerDesk = 4;
constexpr int batchSize = 12;

int seeds()
{
    const int asked = qEnvironmentVariableIntValue("HOLDFAST_POWER_SEEDS");
    return asked > 0 ? asked : 12;
}

// What the desk told its person, and must hold.
struct Promises
{
    QList<EntryId> puts;
    QHash<EntryId, QByteArray> receipts;
    QHash<BlobId, QByteArray> files;
    QList<EntryId> discarded;
    QString token;
};

// A desk at work until its power goes.
class WorkingDesk
{
public:
    explicit WorkingDesk(quint64 seed) : desk_(seed), dice_(seed)
    {
        desk_.apply({desk_.maker.profile(desk_.me, QStringLiteral("Lerato Khumalo")), desk_.maker.enrol(desk_.me),
                     desk_.maker.person(person_, QStringLiteral("Thandiwe Mokoena"), QStringLiteral("+27825550143")),
                     desk_.maker.openCase(thread_, person_)},
                    "0");
        desk_.close();
    }

    // Opens, works, loses its power before the nth operation, and opens again. Answers what it lost.
    [[nodiscard]] QStringList live(SimulatedDisk& disk)
    {
        disk.keepApart();
        desk_.open();
        disk.cutPower(1 + int(dice_() % 600));
        while (!disk.isOff())
            step();
        desk_.close();
        const QString kept = disk.powerUp(dice_);
        desk_.open();
        QStringList lost = look();
        desk_.close();
        for (QString& one : lost)
            one += QStringLiteral(" (") + kept + u')';
        return lost;
    }

    [[nodiscard]] qsizetype promised() const { return promises_.puts.size() + promises_.receipts.size(); }

private:
    void step()
    {
        switch (dice_() % 8) {
        case 0:
        case 1:
        case 2:
            put();
            return;
        case 3:
        case 4:
            feed();
            return;
        case 5:
            answer();
            return;
        case 6:
            keepFile();
            return;
        default:
            keepToken();
        }
    }

    void put()
    {
        const auto id = await(desk_.outbox->put(desk_.reply(thread_, QStringLiteral("Reply %1").arg(++written_))));
        if (id)
            promises_.puts.append(*id);
    }

    // The downloaded part may be lost again, but only together with its cursor.
    void feed()
    {
        while (pending_.size() < batchSize)
            pending_.push_back(desk_.maker.customer(thread_, person_, QStringLiteral("Message %1").arg(++written_)));
        const auto applied = await(desk_.applier->apply({pending_, {}, QByteArray::number(batches_ + 1)}));
        if (!applied)
            return;
        ++batches_;
        history_.push_back(std::exchange(pending_, {}));
    }

    void answer()
    {
        const auto waiting = await(desk_.outbox->waiting(1));
        if (!waiting || waiting->isEmpty())
            return;
        const EntryId id = waiting->first().id;
        const QByteArray receipt = desk_.maker.random().bytes(64);
        if (dice_() % 4 == 0) {
            const bool held =
                await(desk_.outbox->markHeld(id, QStringLiteral("moved"), QStringLiteral("Wait"))).has_value();
            if (held && await(desk_.outbox->discard(id)))
                promises_.discarded.append(id);
        } else if (await(desk_.outbox->markAccepted(id, Position{quint64(written_)}, "header", receipt))) {
            promises_.receipts.insert(id, receipt);
        }
    }

    void keepFile()
    {
        const BlobId id = desk_.maker.random().id<BlobId>();
        const QByteArray bytes = desk_.maker.random().bytes(int(dice_() % 700'000) + 1);
        if (await(putMedia(*desk_.media, id, bytes)))
            promises_.files.insert(id, bytes);
    }

    void keepToken()
    {
        const QString token = QStringLiteral("token %1").arg(++written_);
        tried_ = token;
        if (await(local::DeskSettings(*desk_.database).setValue(QStringLiteral("refresh"), token.toUtf8())))
            promises_.token = token;
    }

    [[nodiscard]] QStringList look()
    {
        QStringList lost;
        for (const EntryId& id : promises_.puts) {
            if (!await(desk_.outbox->find(id)))
                lost += QStringLiteral("a reply that was acknowledged");
        }
        for (auto it = promises_.receipts.cbegin(); it != promises_.receipts.cend(); ++it) {
            const QString sql = QStringLiteral("SELECT hex(receipt) FROM receipt WHERE entry = x'%1'")
                                    .arg(QString::fromLatin1(it.key().toHex()));
            if (desk_.query(sql) != QStringList{QString::fromLatin1(it.value().toHex().toUpper())})
                lost += QStringLiteral("a receipt");
            const auto entry = await(desk_.outbox->find(it.key()));
            if (entry && entry->state == local::OutboxState::waiting)
                lost += QStringLiteral("that an entry was accepted");
        }
        for (const EntryId& id : promises_.discarded) {
            const auto entry = await(desk_.outbox->find(id));
            if (entry && entry->state != local::OutboxState::discarded)
                lost += QStringLiteral("that an entry was let go");
        }
        for (auto it = promises_.files.cbegin(); it != promises_.files.cend(); ++it) {
            if (const auto bytes = await(desk_.media->get(it.key())); !bytes || *bytes != it.value())
                lost += QStringLiteral("a stored file");
        }
        const QByteArray token =
            await(local::DeskSettings(*desk_.database).value(QStringLiteral("refresh"))).value_or(QByteArray());
        if (token != promises_.token.toUtf8() && token != tried_.toUtf8())
            lost += QStringLiteral("the token");
        promises_.token = QString::fromUtf8(token);
        return lost + lookAtHistory();
    }

    // Rows and cursor agree, numbers are dense, and everything derived is what folding it anew gives.
    [[nodiscard]] QStringList lookAtHistory()
    {
        QStringList wrong;
        const int cursor = desk_.query(QStringLiteral("SELECT CAST(value AS TEXT) FROM setting WHERE name = 'cursor'"))
                               .value(0)
                               .toInt();
        const int entries = desk_.query(QStringLiteral("SELECT count(*) FROM entry")).value(0).toInt();
        if (entries != 4 + cursor * batchSize || cursor > batches_ + 1)
            wrong += QStringLiteral("the agreement of rows and cursor");
        if (!desk_.query(QStringLiteral("SELECT what FROM fault")).isEmpty())
            wrong += QStringLiteral("the chain of a thread");
        if (desk_.query(QStringLiteral("SELECT coalesce(max(device_seq), 0) = count(*) FROM outbox")) !=
            QStringList{QStringLiteral("1")})
            wrong += QStringLiteral("the dense numbers of the outbox");
        if (desk_.query(QStringLiteral("PRAGMA integrity_check")) != QStringList{QStringLiteral("ok")})
            wrong += QStringLiteral("the file's integrity");
        const QStringList before = desk_.dump();
        if (!await(desk_.applier->rebuild()) || desk_.dump() != before)
            wrong += QStringLiteral("the agreement of log and lists");
        catchUp(cursor);
        return wrong;
    }

    // Central sends again what the desk does not know of.
    void catchUp(int cursor)
    {
        if (cursor > batches_) { // it was whole on the disk before the answer
            ++batches_;
            history_.push_back(std::exchange(pending_, {}));
        }
        for (; cursor < batches_; ++cursor)
            valueOf(desk_.applier->apply({history_[size_t(cursor)], {}, QByteArray::number(cursor + 1)}));
    }

    DeskFixture desk_;
    std::mt19937_64 dice_;
    PersonId person_ = desk_.maker.random().id<PersonId>();
    ThreadId thread_ = desk_.maker.random().id<ThreadId>();
    Promises promises_;
    std::vector<local::FeedEntry> pending_;
    std::vector<std::vector<local::FeedEntry>> history_;
    int batches_ = 0;
    int written_ = 0;
    QString tried_;
};

} // namespace

TEST_CASE("A desk that loses its power keeps every promise", "[power]")
{
    SimulatedDisk disk;
    qsizetype promised = 0;
    for (int seed = 1; seed <= seeds(); ++seed) {
        WorkingDesk desk(static_cast<quint64>(seed));
        for (int cut = 1; cut <= cutsPerDesk; ++cut) {
            INFO("seed " << seed << ", cut " << cut);
            const QStringList lost = desk.live(disk);
            INFO(lost.join(QStringLiteral(", ")).toStdString());
            CHECK(lost.isEmpty());
        }
        promised += desk.promised();
    }
    CHECK(promised > seeds()); // else there was nothing to lose
}

TEST_CASE("An outbox that does not wait for the disk is caught", "[power]")
{
    // The control of the case above: the same desks, with FULL replaced by NORMAL beneath them.
    struct Weakened
    {
        Weakened() { sql_faults::replace("synchronous=FULL", "synchronous=NORMAL"); }
        ~Weakened() { sql_faults::replace({}, {}); }
    };
    SimulatedDisk disk;
    const Weakened weakened;
    bool caught = false;
    for (int seed = 1; seed <= 100 && !caught; ++seed) {
        WorkingDesk desk(static_cast<quint64>(seed));
        for (int cut = 1; cut <= cutsPerDesk && !caught; ++cut)
            caught = desk.live(disk).join(u' ').contains(QStringLiteral("a reply that was acknowledged"));
    }
    CHECK(caught);
}
