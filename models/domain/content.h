// Contents of entries as plain values, and their JSON. Field names are part of the format: docs/log-format.md lists
// them. Reading is tolerant of unknown fields and strict about types; writing is compact UTF-8 JSON with sorted keys.
#pragma once

#include "models/base/digest.h"
#include "models/base/error.h"
#include "models/base/ids.h"
#include "models/domain/kinds.h"

#include <QJsonObject>
#include <QList>
#include <QString>

#include <optional>
#include <variant>

namespace holdfast::domain {

// A blob as an entry binds it. size < 0 or a missing digest: not known yet (a customer's media before it was pulled).
struct Attachment
{
    BlobId id;
    qint64 size = -1;
    QString mime;
    QString name; // the sender's file name: shown as text, never a path; may be empty
    std::optional<Digest> sha256;
    int width = 0; // of a picture, as a person sees it; 0: not a picture, or not known yet
    int height = 0;
    friend bool operator==(const Attachment&, const Attachment&) = default;
};

enum class ThreadType { customerCase, room, direct, person, policy, organisation, audit };
enum class ThreadStatus { open, snoozed, done };

// Order matters: a status never goes back in this list (failed does not override delivered).
enum class DeliveryStatus { waiting, queued, sent, failed, delivered, read, played };

enum class CustodyStep { pulled, verified, mismatch, stored, deletedAtProvider, failed };

struct RoomMessage
{
    QString text;
    QList<Attachment> attachments;
    QList<UserId> mentions;
};

struct CustomerMessage
{
    PersonId person;
    QString fromName;    // the profile name that WhatsApp showed
    QString fromAddress; // where an answer goes: "+27..." or the provider's user id; may be empty
    QString channel;     // name of our number's section in central's configuration
    QString providerId;  // "wamid..."
    Timestamp providerAt;
    QString type; // "text", "image", "document", ... as the provider said; unknown types are kept
    QString text; // body or caption
    QList<Attachment> attachments;
    QString quotedProviderId; // the message this answers, as the provider named it; may be empty
    QJsonObject unparsed;     // the provider's own object where the type is not understood
};

struct AgentReply
{
    QString text;
    QList<Attachment> attachments;
    ThreadSeq seen;                 // newest tseq that the author's desk had shown
    std::optional<EntryId> replyTo; // quotes a message of the same thread
};

struct InternalNote
{
    QString text;
    QList<UserId> mentions;
};

struct MediaCustody
{
    EntryId message;
    CustodyStep step = CustodyStep::pulled;
    Attachment attachment; // complete from `stored` on
    QString detail;        // plain words for a failure; no personal data
};

struct ThreadOpened
{
    ThreadType type = ThreadType::customerCase;
    ScopeId scope;
    QString title;         // room name, or subject of a case
    PersonId person;       // of a customer case
    QString channel;       // of a customer case
    QList<UserId> members; // of a direct conversation
};

struct ThreadAssigned
{
    std::optional<UserId> assignee; // nothing: back to unassigned
};

struct ThreadState
{
    ThreadStatus status = ThreadStatus::open;
    Timestamp until; // of snoozed
    QString reason;  // of done
};

struct ThreadLinked
{
    PolicyId policy;
    bool linked = true; // false undoes it
};

struct ThreadRead
{
    ThreadSeq upTo;
};

struct Fact
{
    QString label;
    QString value;
    friend bool operator==(const Fact&, const Fact&) = default;
};

// To another scope, in one entry: who sees `from` alone loses the thread, who sees `to` gets all of it.
struct ThreadMoved
{
    ScopeId from; // where the author's desk had it: a move that crossed another is refused
    ScopeId to;
};

struct PersonFacts
{
    QString name;
    QString idNumber;
    QString language;
    QString email;
    QList<QString> phones; // E.164, "+27..."
    QList<QString> providerUserIds;
    Timestamp asOf;
};

struct PolicyFacts
{
    struct Member
    {
        QString name;
        QString relation;
        PersonId person;
    };
    struct Claim
    {
        QString number;
        QString kind;
        QString amount;
        QString status;
    };
    struct Consent
    {
        QString what;
        bool given = false;
        QString since;
    };

    QString number;  // "HL-204-118-7"
    QString product; // "Motor Comprehensive"
    QString line;    // short tag: "Motor"
    QString status;  // "Active"
    PersonId holder;
    QString holderName;
    QList<Fact> facts; // first section: in force since, renews, premium ...
    QList<Fact> cover;
    QList<Member> dependants;
    QList<Claim> claims;
    QList<Consent> consents;
    Timestamp asOf;
};

struct UserProfile
{
    UserId user;
    QString login;
    QString name;
    QString role; // "agent", "supervisor", "administrator"
    QString team;
    bool active = true;
};

enum class ScopeType { team, room, direct, personal, organisation, audit };

struct ScopeDefined
{
    ScopeId scope;
    ScopeType type = ScopeType::team;
    QString name;
};

struct Grant
{
    UserId user;
    ScopeId scope;
};

struct DeviceEnrolled
{
    DeviceId device;
    UserId user;
    QByteArray publicKey; // 32 bytes
    QString name;
};

struct DeviceRevoked
{
    DeviceId device;
};

struct LogHeads
{
    Digest headsRoot;
    Position covers; // all entries below this position
};

// From the next entry on, checkpoints are signed by another key: models/log/key_handover.h.
struct LogKey
{
    QByteArray previous;  // 32 bytes
    QByteArray publicKey; // 32 bytes
    QByteArray signature; // 64 bytes, by `previous`
};

// Contents of the entry's own thread that central destroyed. Headers stay, and with them every proof.
struct ContentErased
{
    QList<EntryId> entries;
    bool whole = false; // instead of `entries`: all that is erasable and stands before this entry, but the opening
    QString reason;     // a word of the administrator's; no personal text
};

struct DeliveryUpdate
{
    EntryId message;
    DeliveryStatus status = DeliveryStatus::queued;
    Timestamp at; // the provider's time; central's for `queued`
    int errorCode = 0;
    QString errorText; // the provider's title, for people
    bool mayRetry = false;
};

struct ProviderAccepted
{
    EntryId message;
    QString providerId;
};

// keyShown, exported, signedIn, incidentNoted: recorded acts whose fields only an audit reads.
struct RecordedAct
{
    QJsonObject fields;
};

// Somebody had a copy of a file written outside the encrypted store; in the audit's thread.
struct FileSaved
{
    ThreadId thread; // of the message
    EntryId message;
    BlobId attachment;
};

// A kind of a newer version, or a content that does not parse: kept, shown as such, projected again after an upgrade.
struct Unknown
{
    QString why;
};

using Content = std::variant<Unknown, RoomMessage, CustomerMessage, AgentReply, InternalNote, MediaCustody,
                             ThreadOpened, ThreadAssigned, ThreadState, ThreadLinked, ThreadRead, ThreadMoved,
                             PersonFacts, PolicyFacts, UserProfile, ScopeDefined, Grant, DeviceEnrolled, DeviceRevoked,
                             LogHeads, LogKey, ContentErased, DeliveryUpdate, ProviderAccepted, RecordedAct, FileSaved>;

// Never fails: what cannot be understood is Unknown. Depth and size are capped (64 KiB, depth 64).
[[nodiscard]] Content parseContent(log::KindNumber kind, QByteArrayView json);

[[nodiscard]] QByteArray toJson(const RoomMessage&);
[[nodiscard]] QByteArray toJson(const CustomerMessage&);
[[nodiscard]] QByteArray toJson(const AgentReply&);
[[nodiscard]] QByteArray toJson(const InternalNote&);
[[nodiscard]] QByteArray toJson(const MediaCustody&);
[[nodiscard]] QByteArray toJson(const ThreadOpened&);
[[nodiscard]] QByteArray toJson(const ThreadAssigned&);
[[nodiscard]] QByteArray toJson(const ThreadState&);
[[nodiscard]] QByteArray toJson(const ThreadLinked&);
[[nodiscard]] QByteArray toJson(const ThreadRead&);
[[nodiscard]] QByteArray toJson(const ThreadMoved&);
[[nodiscard]] QByteArray toJson(const PersonFacts&);
[[nodiscard]] QByteArray toJson(const PolicyFacts&);
[[nodiscard]] QByteArray toJson(const UserProfile&);
[[nodiscard]] QByteArray toJson(const ScopeDefined&);
[[nodiscard]] QByteArray toJson(const Grant&);
[[nodiscard]] QByteArray toJson(const DeviceEnrolled&);
[[nodiscard]] QByteArray toJson(const DeviceRevoked&);
[[nodiscard]] QByteArray toJson(const LogHeads&);
[[nodiscard]] QByteArray toJson(const LogKey&);
[[nodiscard]] QByteArray toJson(const ContentErased&);
[[nodiscard]] QByteArray toJson(const DeliveryUpdate&);
[[nodiscard]] QByteArray toJson(const ProviderAccepted&);
[[nodiscard]] QByteArray toJson(const RecordedAct&);
[[nodiscard]] QByteArray toJson(const FileSaved&);

// Words of the format for enums ("case", "delivered" ...), used in JSON and in SQL columns alike.
[[nodiscard]] QString wordOf(ThreadType type);
[[nodiscard]] QString wordOf(ThreadStatus status);
[[nodiscard]] QString wordOf(DeliveryStatus status);
[[nodiscard]] QString wordOf(CustodyStep step);
[[nodiscard]] QString wordOf(ScopeType type);
[[nodiscard]] std::optional<ThreadType> threadTypeOf(QStringView word);
[[nodiscard]] std::optional<ThreadStatus> threadStatusOf(QStringView word);
[[nodiscard]] std::optional<DeliveryStatus> deliveryStatusOf(QStringView word);
[[nodiscard]] std::optional<CustodyStep> custodyStepOf(QStringView word);
[[nodiscard]] std::optional<ScopeType> scopeTypeOf(QStringView word);

} // namespace holdfast::domain
