// A real console's session without its windows: what is told to the windows is applied and searchable.
#pragma once

#include "storage/sync/desk_session.h"

#include <QTemporaryDir>

namespace holdfast::bench {

// Of the thread with the event loop.
class Console
{
public:
    Console(quint16 port, const QString& login, const QString& password); // enrolled when it returns
    [[nodiscard]] views::Desk& desk() { return *session_.desk(); }

private:
    QTemporaryDir folder_;
    SystemClock clock_;
    SystemRandom random_;
    sync::DeskSession session_;
};

// Lets events come in until `done` holds; gives up after `limit` seconds.
void processUntil(const std::function<bool()>& done, double limit);

} // namespace holdfast::bench
