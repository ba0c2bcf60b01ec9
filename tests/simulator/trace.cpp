#include "tests/simulator/trace.h"

namespace holdfast::simulation {
namespace {

QString shortId(const EntryId& id)
{
    return QString::fromLatin1(id.toHex().first(8));
}

QString nameOf(sync::Timer timer)
{
    switch (timer) {
    case sync::Timer::poll:
        return QStringLiteral("poll");
    case sync::Timer::push:
        return QStringLiteral("push");
    case sync::Timer::proofs:
        return QStringLiteral("proofs");
    case sync::Timer::token:
        return QStringLiteral("token");
    case sync::Timer::watchdog:
        return QStringLiteral("watchdog");
    }
    return {};
}

template <typename T>
QString outcomeOf(const sync::Outcome<T>& outcome)
{
    return outcome ? QStringLiteral("ok")
                   : QStringLiteral("failed %1 %2").arg(outcome.error().status).arg(outcome.error().code);
}

QString wordOf(const Status& status)
{
    return status ? QStringLiteral("ok") : QStringLiteral("failed");
}

QString contentsOf(const sync::Changes& changes)
{
    QString text = QStringLiteral("%1 entries%2, head %3")
                       .arg(changes.entries.size())
                       .arg(changes.more ? QStringLiteral(" and more") : QString())
                       .arg(changes.head);
    for (const sync::ScopeEvent& scope : changes.scopes)
        text += QStringLiteral(", %1 %2").arg(scope.opened ? QStringLiteral("opens") : QStringLiteral("closes"),
                                              QString::fromLatin1(scope.scope.toHex().last(2)));
    return text;
}

QString threadsOf(const QList<ThreadId>& threads)
{
    QStringList ids;
    for (const ThreadId& thread : threads)
        ids.append(QString::fromLatin1(thread.toHex().last(2)));
    return ids.isEmpty() ? QStringLiteral("none") : ids.join(u' ');
}

template <typename List>
QString idsOf(const List& entries)
{
    QStringList ids;
    for (const auto& entry : entries)
        ids.append(shortId(entry.entry));
    return ids.join(u' ');
}

struct EventWords
{
    QString operator()(const sync::event::Started& e) const
    {
        return QStringLiteral("Started, refresh %1").arg(QString::fromLatin1(e.refresh));
    }
    QString operator()(const sync::event::SignedIn& e) const
    {
        return QStringLiteral("SignedIn, refresh %1").arg(QString::fromLatin1(e.tokens.refresh));
    }
    QString operator()(const sync::event::TokensAnswered& e) const
    {
        return QStringLiteral("TokensAnswered #%1 %2").arg(e.request).arg(outcomeOf(e.outcome));
    }
    QString operator()(const sync::event::ChangesAnswered& e) const
    {
        const QString words = e.outcome ? contentsOf(*e.outcome) : outcomeOf(e.outcome);
        return QStringLiteral("ChangesAnswered #%1 %2").arg(e.request).arg(words);
    }
    QString operator()(const sync::event::PushAnswered& e) const
    {
        QString text = QStringLiteral("PushAnswered #%1 %2").arg(e.request).arg(outcomeOf(e.outcome));
        if (!e.outcome)
            return text;
        static constexpr const char* words[] = {"accepted", "duplicate", "refused", "later"};
        for (const sync::PushResult& result : e.outcome->results)
            text += QStringLiteral(", %1 %2").arg(shortId(result.entry),
                                                  QString::fromLatin1(words[static_cast<int>(result.verdict)]));
        return text;
    }
    QString operator()(const sync::event::ProofsAnswered& e) const
    {
        return QStringLiteral("ProofsAnswered #%1 %2").arg(e.request).arg(outcomeOf(e.outcome));
    }
    QString operator()(const sync::event::BatchApplied& e) const
    {
        return QStringLiteral("BatchApplied ") + wordOf(e.status);
    }
    QString operator()(const sync::event::HistoryApplied&) const { return QStringLiteral("HistoryApplied"); }
    QString operator()(const sync::event::HistoryRefused&) const { return QStringLiteral("HistoryRefused"); }
    QString operator()(const sync::event::OutboxChanged&) const { return QStringLiteral("OutboxChanged"); }
    QString operator()(const sync::event::OutboxRead& e) const
    {
        return QStringLiteral("OutboxRead %1, %2 waiting, %3 not sent, next %4")
            .arg(wordOf(e.status))
            .arg(e.waiting)
            .arg(e.notSent)
            .arg(e.needsUpload ? QStringLiteral("uploads ") + shortId(*e.needsUpload) : idsOf(e.next));
    }
    QString operator()(const sync::event::UploadsEnded& e) const
    {
        return QStringLiteral("UploadsEnded %1 %2").arg(shortId(e.entry), outcomeOf(e.outcome));
    }
    QString operator()(const sync::event::OutboxMarked& e) const
    {
        return QStringLiteral("OutboxMarked ") + wordOf(e.status);
    }
    QString operator()(const sync::event::ProofsChecked& e) const
    {
        static constexpr const char* words[] = {"good", "fault", "failed"};
        return QStringLiteral("ProofsChecked %1, size %2, behind: %3, ahead: %4")
            .arg(QString::fromLatin1(words[static_cast<int>(e.verdict)]))
            .arg(e.size)
            .arg(threadsOf(e.behind), threadsOf(e.ahead));
    }
    QString operator()(const sync::event::TimerFired& e) const
    {
        return QStringLiteral("TimerFired ") + nameOf(e.timer);
    }
    QString operator()(const sync::event::Stop&) const { return QStringLiteral("Stop"); }
};

struct ActionWords
{
    QString operator()(const sync::action::AskTokens& a) const
    {
        return QStringLiteral("AskTokens #%1 for %2").arg(a.request).arg(QString::fromLatin1(a.refresh));
    }
    QString operator()(const sync::action::AskChanges& a) const
    {
        return QStringLiteral("AskChanges #%1, wait %2 s").arg(a.request).arg(a.waitSeconds);
    }
    QString operator()(const sync::action::AskPush& a) const
    {
        return QStringLiteral("AskPush #%1: %2").arg(a.request).arg(idsOf(a.entries));
    }
    QString operator()(const sync::action::AskProofs& a) const
    {
        return QStringLiteral("AskProofs #%1 from %2, %3 threads").arg(a.request).arg(a.from).arg(a.threads.size());
    }
    QString operator()(const sync::action::SetTimer& a) const
    {
        return QStringLiteral("SetTimer %1 %2 ms").arg(nameOf(a.timer)).arg(a.delayMs);
    }
    QString operator()(const sync::action::CancelTimer& a) const
    {
        return QStringLiteral("CancelTimer ") + nameOf(a.timer);
    }
    QString operator()(const sync::action::ApplyBatch& a) const
    {
        return QStringLiteral("ApplyBatch: ") + contentsOf(a.changes);
    }
    QString operator()(const sync::action::ReadOutbox&) const { return QStringLiteral("ReadOutbox"); }
    QString operator()(const sync::action::UploadBlobs& a) const
    {
        return QStringLiteral("UploadBlobs ") + shortId(a.entry);
    }
    QString operator()(const sync::action::MarkOutbox& a) const
    {
        QString text = QStringLiteral("MarkOutbox");
        for (const sync::OutboxMark& mark : a.marks)
            text += QStringLiteral(", %1 %2").arg(shortId(mark.entry),
                                                  mark.accepted ? QStringLiteral("accepted") : mark.code);
        return text;
    }
    QString operator()(const sync::action::CheckProofs&) const { return QStringLiteral("CheckProofs"); }
    QString operator()(const sync::action::SaveVerified& a) const
    {
        return QStringLiteral("SaveVerified %1").arg(a.upTo);
    }
    QString operator()(const sync::action::RecordFault& a) const
    {
        return QStringLiteral("RecordFault at %1: %2").arg(a.pos).arg(a.what);
    }
    QString operator()(const sync::action::SaveRefresh& a) const
    {
        return QStringLiteral("SaveRefresh ") + QString::fromLatin1(a.refresh);
    }
    QString operator()(const sync::action::UseToken&) const { return QStringLiteral("UseToken"); }
    QString operator()(const sync::action::Publish& a) const
    {
        static constexpr const char* words[] = {"offline", "connecting", "online"};
        return QStringLiteral("Publish %1%2, verified %3 %4")
            .arg(QString::fromLatin1(words[static_cast<int>(a.state.link)]))
            .arg(a.state.catchingUp ? QStringLiteral(", catching up") : QString())
            .arg(a.state.verifiedUpTo)
            .arg(a.state.detail);
    }
    QString operator()(const sync::action::AskSignIn&) const { return QStringLiteral("AskSignIn"); }
    QString operator()(const sync::action::RestartTransport&) const { return QStringLiteral("RestartTransport"); }
};

} // namespace

void Trace::line(int desk, const QString& text)
{
    const QString who = desk == central ? QStringLiteral("central") : QStringLiteral("desk %1 ").arg(desk);
    *out_ << QStringLiteral("%1 %2 %3").arg(agenda_.now(), 9).arg(who, text).toStdString() << '\n';
}

QString describe(const sync::Event& event)
{
    return std::visit(EventWords(), event);
}

QString describe(const sync::Action& action)
{
    return std::visit(ActionWords(), action);
}

} // namespace holdfast::simulation
