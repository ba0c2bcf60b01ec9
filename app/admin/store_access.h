// Opening the store directly, and waiting for its answers: for commands that work while central is stopped.
#pragma once

#include "app/admin/arguments.h"
#include "central/config/config.h"
#include "central/store/store.h"

#include <future>

namespace holdfast::admin {

[[nodiscard]] Result<config::Config> configOf(const Arguments& arguments);
[[nodiscard]] store::StoreConfig storeConfigOf(const config::Config& config);

template <typename T, typename Call>
Result<T> waitFor(Call call)
{
    auto promise = std::make_shared<std::promise<Result<T>>>();
    auto future = promise->get_future();
    call([promise](Result<T> result) { promise->set_value(std::move(result)); });
    return future.get();
}

} // namespace holdfast::admin
