// The registry of entry kinds. A number, once used, keeps its meaning for ever; new kinds take new numbers.
#pragma once

#include "models/log/entry.h"

#include <QStringView>

#include <optional>
#include <vector>

namespace holdfast::domain {

enum class Kind : log::KindNumber {
    // Conversation
    roomMessage = 1,     // staff to staff, in a room or a direct conversation
    customerMessage = 3, // from the customer, by central
    agentReply = 4,      // to the customer
    internalNote = 5,    // beside the customer's thread; can never be sent
    mediaCustody = 6,    // central: one step in the life of a customer's attachment

    // Threads
    threadOpened = 10,
    threadAssigned = 11,
    threadState = 12,
    threadLinked = 13,
    threadRead = 14,
    threadMoved = 15, // to another scope; structural: access follows it

    // Records
    personFacts = 20,
    policyFacts = 21,

    // Structure: never erasable, no personal text but staff names in profiles
    userProfile = 30,
    scopeDefined = 31,
    grantGiven = 32,
    grantEnded = 33,
    deviceEnrolled = 34,
    deviceRevoked = 35,

    // The log about itself
    logHeads = 40,
    epochBegan = 41,
    logKey = 42, // the log's signing key changed
    contentErased = 43,

    // Acts that are recorded
    keyShown = 60, // an administrator printed a desk's key for its owner
    exported = 61,
    signedIn = 62,
    fileSaved = 63,     // somebody had a copy of a file written outside the encrypted store
    administered = 64,  // what an administrator did; "act" says what
    incidentNoted = 65, // something that must not happen, and did

    // Delivery
    deliveryStatus = 300,
    providerAccepted = 301, // central: the provider took the message; binds its id
};

[[nodiscard]] constexpr log::KindNumber number(Kind kind)
{
    return static_cast<log::KindNumber>(kind);
}
[[nodiscard]] std::vector<Kind> allKinds();                       // of this version, in the order of the registry
[[nodiscard]] std::optional<Kind> kindOf(log::KindNumber number); // nothing for kinds of a newer version
[[nodiscard]] QStringView nameOf(Kind kind);                      // "customer.message": for exports and audits
[[nodiscard]] bool isStructural(Kind kind);                       // not erasable

// Who may write entries of this kind: device means a desk may (and central too), central means central alone.
enum class Author { device, central };
[[nodiscard]] Author authorOf(Kind kind);

} // namespace holdfast::domain
