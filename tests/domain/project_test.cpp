#include "models/domain/project.h"
#include "tests/domain/samples.h"
#include "tests/support/string_makers.h"

#include <catch2/catch_test_macros.hpp>

using namespace holdfast;
using namespace holdfast::domain;
using namespace holdfast::test;

namespace {

Entry entryOf(const Sample& sample, quint64 threadSeq = 5)
{
    Entry entry;
    entry.author.entryId = idOf<EntryId>(100);
    entry.author.thread = idOf<ThreadId>(101);
    entry.author.kind = number(sample.kind);
    entry.author.author = idOf<UserId>(102);
    entry.author.claimedAt = {1000};
    entry.pos = {77};
    entry.scope = idOf<ScopeId>(103);
    entry.threadSeq = {threadSeq};
    entry.centralAt = {2000};
    entry.content = sample.json;
    return entry;
}

Sample sampleOf(Kind kind)
{
    for (const Sample& sample : allSamples()) {
        if (sample.kind == kind)
            return sample;
    }
    FAIL("no sample of this kind");
    return {};
}

template <typename Change>
Change only(const Entry& entry)
{
    const std::vector<RowChange> changes = project(entry);
    REQUIRE(changes.size() == (entry.isPending() ? 1 : 2));
    REQUIRE(std::holds_alternative<Change>(changes.front()));
    return std::get<Change>(changes.front());
}

size_t kindsOfChange(Kind kind)
{
    return project(entryOf(sampleOf(kind))).front().index();
}

} // namespace

TEST_CASE("Every accepted entry advances its thread, last and once; a pending one never does")
{
    for (const Sample& sample : allSamples()) {
        INFO(nameOf(sample.kind).toUtf8().toStdString());
        const auto accepted = project(entryOf(sample));
        REQUIRE_FALSE(accepted.empty());
        const auto* advance = std::get_if<AdvanceThread>(&accepted.back());
        REQUIRE(advance);
        CHECK(advance->thread == idOf<ThreadId>(101));
        CHECK(advance->scope == idOf<ScopeId>(103));
        CHECK(advance->threadSeq.value == 5);
        CHECK(advance->at.value == 2000);
        CHECK(accepted.size() <= 2);
        for (const RowChange& change : project(entryOf(sample, 0)))
            CHECK_FALSE(std::holds_alternative<AdvanceThread>(change));
    }
}

TEST_CASE("An erased entry leaves its place and nothing else")
{
    for (const Sample& sample : allSamples()) {
        Entry entry = entryOf(sample);
        entry.content.reset();
        const auto changes = project(entry);
        REQUIRE(changes.size() == 1);
        CHECK(std::holds_alternative<AdvanceThread>(changes.front()));
    }
}

TEST_CASE("Messages: time, status, type and author")
{
    const auto customer = only<PutMessage>(entryOf(sampleOf(Kind::customerMessage)));
    CHECK(customer.kind == Kind::customerMessage);
    CHECK(customer.author.isNull());
    CHECK(customer.person == idOf<PersonId>(2));
    CHECK(customer.at.value == 1700000000000000);
    CHECK(customer.type == QStringLiteral("unknown")); // the sample holds an object that was not understood
    CHECK(customer.attachments.size() == 2);
    CHECK(customer.providerId == QStringLiteral("wamid.one"));

    const auto reply = only<PutMessage>(entryOf(sampleOf(Kind::agentReply)));
    CHECK(reply.status == DeliveryStatus::queued);
    CHECK(reply.at.value == 2000);
    CHECK(reply.author == idOf<UserId>(102));
    CHECK(reply.type == QStringLiteral("image"));
    CHECK(reply.replyTo == idOf<EntryId>(9));
    const auto pending = only<PutMessage>(entryOf(sampleOf(Kind::agentReply), 0));
    CHECK(pending.status == DeliveryStatus::waiting);
    CHECK(pending.at.value == 1000);
    CHECK(pending.threadSeq.value == 0);

    const auto room = only<PutMessage>(entryOf(sampleOf(Kind::roomMessage)));
    CHECK(room.kind == Kind::roomMessage);
    CHECK(room.mentions.size() == 2);
}

TEST_CASE("An internal note is a message of its own kind, with nothing that could be sent")
{
    const auto note = only<PutMessage>(entryOf(sampleOf(Kind::internalNote)));
    CHECK(note.kind == Kind::internalNote);
    CHECK(note.attachments.isEmpty());
    CHECK(note.providerId.isEmpty());
    CHECK(note.mentions.size() == 2);
    // even when its JSON has the fields of a reply
    Sample disguised = sampleOf(Kind::agentReply);
    disguised.kind = Kind::internalNote;
    CHECK(only<PutMessage>(entryOf(disguised)).kind == Kind::internalNote);
}

TEST_CASE("Each kind changes its own rows")
{
    CHECK(only<OpenThread>(entryOf(sampleOf(Kind::threadOpened))).facts.type == ThreadType::direct);
    CHECK(only<AssignThread>(entryOf(sampleOf(Kind::threadAssigned))).assignee == idOf<UserId>(13));
    CHECK(only<SetThreadState>(entryOf(sampleOf(Kind::threadState))).state.status == ThreadStatus::snoozed);
    CHECK_FALSE(only<LinkPolicy>(entryOf(sampleOf(Kind::threadLinked))).linked);
    const auto moved = only<MoveThread>(entryOf(sampleOf(Kind::threadMoved)));
    CHECK(moved.from == idOf<ScopeId>(24));
    CHECK(moved.to == idOf<ScopeId>(25));
    const auto erased = only<EraseContents>(entryOf(sampleOf(Kind::contentErased)));
    CHECK(erased.entries == QList{idOf<EntryId>(26), idOf<EntryId>(27)});
    CHECK(erased.below.value == 0);
    const auto read = only<MarkRead>(entryOf(sampleOf(Kind::threadRead)));
    CHECK(read.upTo.value == 15);
    CHECK(read.user == idOf<UserId>(102));
    CHECK(only<PutPerson>(entryOf(sampleOf(Kind::personFacts))).person == idOf<ThreadId>(101));
    const auto policy = only<PutPolicy>(entryOf(sampleOf(Kind::policyFacts)));
    CHECK(policy.policy == idOf<ThreadId>(101));
    CHECK(policy.scope == idOf<ScopeId>(103));
    CHECK(only<PutUser>(entryOf(sampleOf(Kind::userProfile))).profile.user == idOf<UserId>(16));
    CHECK(only<PutScope>(entryOf(sampleOf(Kind::scopeDefined))).scope.type == ScopeType::room);
    CHECK(only<SetGrant>(entryOf(sampleOf(Kind::grantGiven))).given);
    CHECK_FALSE(only<SetGrant>(entryOf(sampleOf(Kind::grantEnded))).given);
    CHECK(only<PutDevice>(entryOf(sampleOf(Kind::deviceEnrolled))).device.user == idOf<UserId>(6));
    CHECK(only<RevokeDevice>(entryOf(sampleOf(Kind::deviceRevoked))).device == idOf<DeviceId>(20));
    CHECK(only<NoteHeads>(entryOf(sampleOf(Kind::logHeads))).pos.value == 77);
    CHECK(only<SetDelivery>(entryOf(sampleOf(Kind::deliveryStatus))).update.errorCode == 131047);
    CHECK(only<BindProviderId>(entryOf(sampleOf(Kind::providerAccepted))).message == idOf<EntryId>(23));
    CHECK(only<SetAttachment>(entryOf(sampleOf(Kind::mediaCustody))).step == CustodyStep::stored);
    for (const Kind act :
         {Kind::signedIn, Kind::exported, Kind::keyShown, Kind::epochBegan, Kind::fileSaved, Kind::administered})
        CHECK(project(entryOf(sampleOf(act))).size() == 1);
    CHECK(kindsOfChange(Kind::roomMessage) == kindsOfChange(Kind::internalNote));
}

TEST_CASE("What is not understood is kept")
{
    Entry newer = entryOf(sampleOf(Kind::roomMessage));
    newer.author.kind = 9999;
    const auto kept = only<KeepUnknown>(newer);
    CHECK(kept.kind == 9999);
    CHECK(kept.entry == newer.author.entryId);
    CHECK_FALSE(kept.why.isEmpty());
    Entry damaged = entryOf(sampleOf(Kind::roomMessage));
    damaged.content = "{";
    CHECK(only<KeepUnknown>(damaged).kind == number(Kind::roomMessage));
}

TEST_CASE("Delivery never goes back")
{
    const std::vector<DeliveryStatus> order{DeliveryStatus::waiting, DeliveryStatus::queued,    DeliveryStatus::sent,
                                            DeliveryStatus::failed,  DeliveryStatus::delivered, DeliveryStatus::read,
                                            DeliveryStatus::played};
    for (size_t next = 0; next < order.size(); ++next) {
        for (size_t current = 0; current < order.size(); ++current)
            CHECK(supersedes(order[next], order[current]) == (next > current));
    }
}
