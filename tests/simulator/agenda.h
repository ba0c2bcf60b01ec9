// Virtual time: what happens next, in the order of its time. Nothing runs by itself and nothing waits.
#pragma once

#include <QtGlobal>

#include <functional>
#include <vector>

namespace holdfast::simulation {

class Agenda
{
public:
    using Task = std::function<void()>;

    [[nodiscard]] qint64 now() const { return now_; }
    void after(qint64 delayMs, Task task); // of equal times the one that was put first runs first
    bool runNext();                        // false: nothing is left

private:
    struct Item
    {
        qint64 at;
        quint64 serial;
        Task task;
    };
    static bool later(const Item& left, const Item& right);

    qint64 now_ = 1'000'000;
    quint64 serial_ = 0;
    std::vector<Item> heap_;
};

} // namespace holdfast::simulation
