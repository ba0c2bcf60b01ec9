// Rows about threads that decisions need.
#pragma once

#include "central/store/append.h"

namespace holdfast::store {

struct Context;

class ThreadReads
{
public:
    explicit ThreadReads(Context& context) : context_(context) {}
    [[nodiscard]] Result<ThreadFacts> facts(const ThreadId& thread); // notFound
    // The open case that last wrote to this person on this channel (done cases do not count); nothing: open a new one.
    [[nodiscard]] Result<std::optional<ThreadId>> openCase(const PersonId& person, const QString& channel);
    [[nodiscard]] Result<std::vector<ThreadId>> casesOfPerson(const PersonId& person);
    [[nodiscard]] Result<std::vector<ThreadId>> threadsOfPolicy(const PolicyId& policy); // linked, in both directions
    [[nodiscard]] Result<std::vector<PolicyId>> policiesOfThread(const ThreadId& thread);

private:
    Context& context_;
};

} // namespace holdfast::store
