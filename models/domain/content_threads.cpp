// What happens to a thread as a whole.
#include "models/domain/json_fields.h"

namespace holdfast::domain {

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<ThreadOpened> opened)
{
    archive.optional("channel"_L1, opened.channel);
    archive.optional("members"_L1, opened.members);
    archive.optional("person"_L1, opened.person);
    archive.required("scope"_L1, opened.scope);
    archive.optional("title"_L1, opened.title);
    archive.required("type"_L1, opened.type);
}
HOLDFAST_CONTENT(ThreadOpened)

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<ThreadAssigned> assigned)
{
    archive.optional("assignee"_L1, assigned.assignee);
}
HOLDFAST_CONTENT(ThreadAssigned)

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<ThreadState> state)
{
    archive.optional("reason"_L1, state.reason);
    archive.required("status"_L1, state.status);
    archive.optional("until"_L1, state.until);
}
HOLDFAST_CONTENT(ThreadState)

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<ThreadLinked> link)
{
    archive.required("linked"_L1, link.linked);
    archive.required("policy"_L1, link.policy);
}
HOLDFAST_CONTENT(ThreadLinked)

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<ThreadRead> read)
{
    archive.required("up_to"_L1, read.upTo);
}
HOLDFAST_CONTENT(ThreadRead)

template <typename Archive>
void fields(Archive& archive, typename Archive::template Ref<ThreadMoved> moved)
{
    archive.required("from"_L1, moved.from);
    archive.required("to"_L1, moved.to);
}
HOLDFAST_CONTENT(ThreadMoved)

} // namespace holdfast::domain
