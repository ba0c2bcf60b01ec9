// epoch begin: after a restore.
#include "app/admin/commands.h"
#include "app/admin/store_access.h"
#include "central/store/epoch.h"

#include <cstdio>

namespace holdfast::admin {

Status epochCommand(const QStringList& words)
{
    auto arguments = Arguments::parse(words, {QStringLiteral("config")});
    if (!arguments)
        return tl::unexpected(arguments.error());
    if (arguments->words() != QStringList{QStringLiteral("begin")})
        return fail(ErrorCode::invalidInput, QStringLiteral("Say \"epoch begin\"."));
    auto config = configOf(*arguments);
    if (!config)
        return tl::unexpected(config.error());
    SystemClock clock;
    SystemRandom random;
    const auto begun = store::beginEpoch(storeConfigOf(*config), clock, random);
    if (!begun)
        return tl::unexpected(begun.error());
    std::printf("Epoch %llu began after %llu entries; epoch %llu had signed for %llu more.\nStart central: the desks "
                "offer again what they hold of them.\n",
                static_cast<unsigned long long>(begun->epoch.value), static_cast<unsigned long long>(begun->size),
                static_cast<unsigned long long>(begun->from.value), static_cast<unsigned long long>(begun->lost));
    return {};
}

} // namespace holdfast::admin
