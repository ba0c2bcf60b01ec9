#include "tests/simulator/agenda.h"

#include <algorithm>

namespace holdfast::simulation {

bool Agenda::later(const Item& left, const Item& right)
{
    return left.at != right.at ? left.at > right.at : left.serial > right.serial;
}

void Agenda::after(qint64 delayMs, Task task)
{
    heap_.push_back({now_ + std::max<qint64>(delayMs, 0), ++serial_, std::move(task)});
    std::push_heap(heap_.begin(), heap_.end(), later);
}

bool Agenda::runNext()
{
    if (heap_.empty())
        return false;
    std::pop_heap(heap_.begin(), heap_.end(), later);
    const Item next = std::move(heap_.back());
    heap_.pop_back();
    now_ = next.at;
    next.task();
    return true;
}

} // namespace holdfast::simulation
