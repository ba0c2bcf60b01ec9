#include "sample/history.h"

#include "models/domain/file_type.h"
#include "sample/scripts.h"

#include <queue>

#include <algorithm>
#include <array>

namespace holdfast::sample {
namespace {

constexpr qint64 second = 1000000;
constexpr qint64 minute = 60 * second;
constexpr qint64 hour = 60 * minute;

struct Case
{
    ThreadId thread;
    int policy = 0;
    int script = 0;
    int agent = 0;   // index into World::staff
    int turn = -2;   // -2: to be opened, -1: to be linked and assigned, then the script's turns
    int fillers = 0; // customer's short messages after the script
    QString claim;
    QString amount;
    Timestamp at;
    EntryId lastReply;
    bool lastReplied = false;
    std::vector<Happening> queued; // things that follow the last turn at once, newest first

    [[nodiscard]] qint64 nextAt() const { return queued.empty() ? at.value : queued.back().at.value; }
};

} // namespace

class History::Private
{
public:
    Private(const World& world, quint64 seed, Timestamp end, const HistorySize& size)
        : world_(world), size_(size), dice_(seed), end_(end)
    {
        start_ = Timestamp{end.value - size.days * 24 * hour};
        const qint64 perCase = 9;
        spacing_ = std::max<qint64>(1, (end.value - start_.value) / std::max<qint64>(1, size.messages / perCase));
        nextCase_ = start_;
        nextRoom_ = Timestamp{start_.value + hour};
    }

    std::optional<Happening> next()
    {
        while (true) {
            if (made_ < size_.messages && (open_.empty() || nextCase_.value <= open_.top()->nextAt())) {
                startCase();
                continue;
            }
            if (open_.empty())
                return std::nullopt;
            if (nextRoom_.value <= open_.top()->nextAt() && made_ < size_.messages)
                return roomMessage();
            auto current = open_.top();
            open_.pop();
            std::optional<Happening> happening = advance(*current);
            if (current->turn < endOf(*current) || !current->queued.empty())
                open_.push(current);
            if (happening)
                return happening;
        }
    }

private:
    struct Later
    {
        bool operator()(const std::shared_ptr<Case>& l, const std::shared_ptr<Case>& r) const
        {
            return l->nextAt() > r->nextAt();
        }
    };

    void startCase()
    {
        auto fresh = std::make_shared<Case>();
        fresh->thread = dice_.id<ThreadId>();
        fresh->policy = started_ == 0 ? 0 : dice_.below(static_cast<int>(world_.policies.size()));
        const int team = world_.policies.at(fresh->policy).team;
        QList<int> fitting;
        for (int i = 0; i < scripts().size(); ++i) {
            if (scripts().at(i).team == team || (scripts().at(i).team == 4 && dice_.chance(20)))
                fitting.append(i);
        }
        fresh->script = dice_.pick(fitting);
        QList<int> agents;
        for (int i = 0; i < world_.staff.size(); ++i) {
            if (world_.staff.at(i).team == world_.teams.at(team).name)
                agents.append(i);
        }
        fresh->agent = dice_.pick(agents);
        fresh->fillers = dice_.below(6);
        fresh->claim = QStringLiteral("CL-%1").arg(82000 + static_cast<int>(started_ % 17000));
        fresh->amount = QString::fromUtf8("R\u00a0%1\u00a0%2.00").arg(dice_.between(1, 9)).arg(dice_.between(100, 999));
        fresh->at = nextCase_;
        nextCase_.value += spacing_ / 2 + static_cast<qint64>(dice_.number() % static_cast<quint64>(spacing_));
        ++started_;
        open_.push(std::move(fresh));
    }

    static int endOf(const Case& current)
    {
        return static_cast<int>(scripts().at(current.script).turns.size()) + current.fillers;
    }

    QString filled(const char* text, const Case& current) const
    {
        const Policy& policy = world_.policies.at(current.policy);
        QString out = QString::fromUtf8(text);
        out.replace(QStringLiteral("%n"), policy.facts.holderName.section(u' ', 0, 0));
        out.replace(QStringLiteral("%p"), policy.facts.number);
        out.replace(QStringLiteral("%c"), current.claim);
        out.replace(QStringLiteral("%r"), current.amount);
        out.replace(QStringLiteral("%a"), world_.staff.at(current.agent).name.section(u' ', 0, 0));
        return out;
    }

    Happening blank(Case& current, UserId author)
    {
        Happening happening;
        happening.at = current.at;
        happening.thread = current.thread;
        happening.scope = world_.teams.at(world_.policies.at(current.policy).team).scope;
        happening.entry = entryId(current.at);
        happening.author = author;
        return happening;
    }

    EntryId entryId(Timestamp at)
    {
        // As RandomSource::entryId, but from our dice.
        QByteArray bytes = dice_.id<EntryId>().toBytes();
        const auto milliseconds = static_cast<quint64>(at.value / 1000);
        for (int i = 0; i < 6; ++i)
            bytes[i] = static_cast<char>(milliseconds >> (40 - 8 * i));
        bytes[6] = static_cast<char>(0x70 | (bytes.at(6) & 0x0f));
        bytes[8] = static_cast<char>(0x80 | (bytes.at(8) & 0x3f));
        return *EntryId::fromBytes(bytes);
    }

    std::optional<Happening> advance(Case& current)
    {
        if (!current.queued.empty()) {
            Happening happening = std::move(current.queued.back());
            current.queued.pop_back();
            return happening;
        }
        const int turn = current.turn++;
        if (turn == -2)
            return opened(current);
        if (turn == -1)
            return linked(current);
        const auto& turns = scripts().at(current.script).turns;
        const bool filler = turn >= turns.size();
        const Turn line = filler ? Turn{Voice::customer, dice_.pick(smallTalk())} : turns.at(turn);
        Happening happening = say(current, line);
        ++made_;
        current.at.value += wait(line.voice);
        if (current.turn >= endOf(current) && dice_.chance(70))
            current.queued.insert(current.queued.begin(), done(current));
        return happening;
    }

    qint64 wait(Voice voice)
    {
        if (dice_.chance(12))
            return dice_.between(4, 30) * hour;
        return voice == Voice::note ? dice_.between(20, 300) * second : dice_.between(1, 45) * minute;
    }

    Happening opened(Case& current)
    {
        Happening happening = blank(current, {});
        const Policy& policy = world_.policies.at(current.policy);
        domain::ThreadOpened facts;
        facts.type = domain::ThreadType::customerCase;
        facts.scope = happening.scope;
        facts.person = world_.people.at(policy.holder).id;
        facts.channel = QStringLiteral("main");
        happening.content = facts;
        return happening;
    }

    Happening linked(Case& current)
    {
        const Policy& policy = world_.policies.at(current.policy);
        Happening happening = blank(current, world_.staff.at(current.agent).user);
        happening.content = domain::ThreadLinked{policy.id, true};
        Happening assigned = blank(current, happening.author);
        assigned.content = domain::ThreadAssigned{happening.author};
        if (dice_.chance(85))
            current.queued.push_back(std::move(assigned));
        current.at.value += second;
        return happening;
    }

    Happening done(Case& current)
    {
        Happening happening = blank(current, world_.staff.at(current.agent).user);
        happening.content = domain::ThreadState{domain::ThreadStatus::done, {}, QStringLiteral("Answered")};
        return happening;
    }

    Happening say(Case& current, const Turn& line)
    {
        if (line.voice == Voice::agent)
            return reply(current, line);
        if (line.voice == Voice::note) {
            Happening happening = blank(current, world_.staff.at(current.agent).user);
            happening.content = domain::InternalNote{filled(line.text, current), {}};
            return happening;
        }
        Happening happening = blank(current, {});
        const Person& person = world_.people.at(world_.policies.at(current.policy).holder);
        domain::CustomerMessage message;
        message.person = person.id;
        message.fromName = person.facts.name;
        message.channel = QStringLiteral("main");
        message.providerId = QStringLiteral("wamid.SAMPLE") + happening.entry.toHexString();
        message.providerAt = current.at;
        message.type = QStringLiteral("text");
        message.text = filled(line.text, current);
        if (line.voice == Voice::photo || line.voice == Voice::document)
            attach(happening, message, current, line.voice);
        happening.content = message;
        return happening;
    }

    void attach(Happening& happening, domain::CustomerMessage& message, const Case& current, Voice voice)
    {
        // A share of the attachments carries real bytes; the others are told in words, so that a large store stays
        // small.
        const int share = voice == Voice::photo ? size_.photosPerThousand : size_.photosPerThousand / 2;
        if (started_ > 1 && !dice_.chance(std::min(100, share * 5)))
            return;
        MediaFile file = voice == Voice::photo
                             ? makePhoto(dice_, scripts().at(current.script).team == 1 ? Scene::ceiling : Scene::car)
                             : makePdf(dice_, message.text, message.text.section(u'.', 0, 0),
                                       {filled("Policy %p", current), filled("Claim %c", current),
                                        QStringLiteral("Received by WhatsApp.")});
        domain::Attachment attachment;
        attachment.id = dice_.id<BlobId>();
        attachment.mime = file.mime;
        attachment.name = file.name;
        attachment.size = file.bytes.size();
        attachment.sha256 = sha256({file.bytes});
        const QSize size = domain::pictureSize(file.bytes).value_or(QSize(0, 0));
        attachment.width = size.width();
        attachment.height = size.height();
        message.type = voice == Voice::photo ? QStringLiteral("image") : QStringLiteral("document");
        if (voice == Voice::document)
            message.text.clear();
        message.attachments = {attachment};
        happening.file = std::move(file);
    }

    Happening reply(Case& current, const Turn& line)
    {
        Happening happening = blank(current, world_.staff.at(current.agent).user);
        domain::AgentReply content;
        content.text = filled(line.text, current);
        happening.content = content;
        static const std::array statuses = {domain::DeliveryStatus::sent, domain::DeliveryStatus::delivered,
                                            domain::DeliveryStatus::read};
        const int reach = dice_.chance(90) ? 3 : 2;
        for (int i = reach - 1; i >= 0; --i) {
            Happening status = blank(current, {});
            status.at.value += (i + 1) * 2 * second;
            domain::DeliveryUpdate update;
            update.message = happening.entry;
            update.status = statuses.at(static_cast<size_t>(i));
            update.at = status.at;
            status.content = update;
            current.queued.push_back(std::move(status));
        }
        return happening;
    }

    Happening roomMessage()
    {
        const Team& team = dice_.pick(world_.teams);
        QList<UserId> members;
        for (const auto& profile : world_.staff) {
            if (profile.team == team.name)
                members.append(profile.user);
        }
        Happening happening;
        happening.at = nextRoom_;
        happening.thread = team.room;
        happening.scope = team.scope;
        happening.entry = entryId(nextRoom_);
        happening.author = dice_.pick(members);
        QString text = QString::fromUtf8(dice_.pick(roomLines()));
        text.replace(QStringLiteral("%c"), QStringLiteral("CL-%1").arg(82000 + dice_.below(17000)));
        happening.content = domain::RoomMessage{text, {}, {}};
        nextRoom_.value += spacing_ * 2 + dice_.between(1, 30) * minute;
        ++made_;
        return happening;
    }

    const World& world_;
    HistorySize size_;
    Dice dice_;
    Timestamp start_;
    Timestamp end_;
    Timestamp nextCase_;
    Timestamp nextRoom_;
    qint64 spacing_ = 1;
    qint64 made_ = 0;
    qint64 started_ = 0;
    std::priority_queue<std::shared_ptr<Case>, std::vector<std::shared_ptr<Case>>, Later> open_;
};

History::History(const World& world, quint64 seed, Timestamp end, const HistorySize& size)
    : d_(std::make_unique<Private>(world, seed, end, size))
{}

History::~History() = default;

std::optional<Happening> History::next()
{
    return d_->next();
}

} // namespace holdfast::sample
