#include "ui/conversation/conversation_access.h"

#include "ui/conversation/conversation_view.h"
#include "ui/conversation/message_words.h"

#include <QAccessibleWidget>

namespace holdfast::ui {

namespace {

constexpr const char* askedProperty = "accessAsked";

// A child is found by EntryId at every call, so it can outlive any shift of rows; once its message is gone it is
// invalid and its owner deletes it.
class MessageAccess : public QAccessibleInterface, public QAccessibleActionInterface
{
public:
    MessageAccess(ConversationView& view, const EntryId& id) : view_(&view), id_(id) {}

    [[nodiscard]] bool isValid() const override { return view_ && row() >= 0; }
    [[nodiscard]] QObject* object() const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface* parent() const override { return QAccessible::queryAccessibleInterface(view_); }
    [[nodiscard]] QAccessibleInterface* child(int) const override { return nullptr; }
    [[nodiscard]] int childCount() const override { return 0; }
    [[nodiscard]] int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    [[nodiscard]] QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    [[nodiscard]] QAccessible::Role role() const override { return QAccessible::ListItem; }
    void setText(QAccessible::Text, const QString&) override {}
    void* interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface*>(this) : nullptr;
    }

    [[nodiscard]] QStringList actionNames() const override
    {
        QStringList names;
        if (isValid()) {
            for (const ConversationView::Act act : view_->actsOf(id_))
                names.append(ConversationView::actWords(act));
        }
        return names;
    }
    void doAction(const QString& name) override
    {
        const QList<ConversationView::Act> acts = isValid() ? view_->actsOf(id_) : QList<ConversationView::Act>();
        for (const ConversationView::Act act : acts) {
            if (ConversationView::actWords(act) == name)
                return view_->perform(id_, act);
        }
    }
    [[nodiscard]] QStringList keyBindingsForAction(const QString& name) const override
    {
        const QStringList names = actionNames();
        return !names.isEmpty() && names.first() == name ? QStringList{QStringLiteral("Return")} : QStringList();
    }

    [[nodiscard]] QString text(QAccessible::Text kind) const override
    {
        if (!isValid() || kind != QAccessible::Name)
            return {};
        const views::Message& message = view_->rows().at(row());
        if (message.kind == views::MessageKind::hole)
            return view_->item(row())->text.text();
        const auto unread = view_->rows().firstUnread();
        const bool isUnread = unread && row() >= view_->rows().rowOf(*unread) && view_->rows().rowOf(*unread) >= 0 &&
                              message.kind == views::MessageKind::customer;
        return spokenMessage(message, isUnread);
    }

    [[nodiscard]] QRect rect() const override
    {
        if (!isValid())
            return {};
        const QRect body = view_->bodyOf(id_);
        return {view_->viewport()->mapToGlobal(body.topLeft()), body.size()};
    }

    [[nodiscard]] QAccessible::State state() const override
    {
        QAccessible::State state;
        state.invalid = !isValid();
        state.focusable = true;
        state.readOnly = true;
        state.focused = isValid() && view_->hasFocus() && view_->focusedMessage() == id_;
        state.offscreen = isValid() && !view_->bodyOf(id_).intersects(view_->viewport()->rect());
        return state;
    }

private:
    [[nodiscard]] int row() const { return view_->rows().rowOf(id_); }

    QPointer<ConversationView> view_;
    const EntryId id_;
};

class ViewAccess : public QAccessibleWidget
{
public:
    explicit ViewAccess(ConversationView& view)
        : QAccessibleWidget(&view, QAccessible::List, ConversationView::tr("Messages")), view_(view)
    {
        focusLink_ = QObject::connect(&view, &ConversationView::focusedMessageChanged, &view, [this] {
            if (QAccessibleInterface* child = childOf(view_.focusedMessage())) {
                QAccessibleEvent event(child, QAccessible::Focus);
                QAccessible::updateAccessibility(&event);
            }
        });
    }
    ~ViewAccess() override
    {
        QObject::disconnect(focusLink_);
        for (const QAccessible::Id id : std::as_const(children_))
            QAccessible::deleteAccessibleInterface(id);
    }

    [[nodiscard]] int childCount() const override { return view_.rows().count(); }
    [[nodiscard]] QAccessibleInterface* child(int index) const override
    {
        return index >= 0 && index < childCount() ? childOf(view_.rows().at(index).id) : nullptr;
    }
    [[nodiscard]] int indexOfChild(const QAccessibleInterface* child) const override
    {
        const QAccessible::Id id = QAccessible::uniqueId(const_cast<QAccessibleInterface*>(child));
        return view_.rows().rowOf(children_.key(id));
    }
    [[nodiscard]] QAccessibleInterface* childAt(int x, int y) const override
    {
        for (int row = 0; row < childCount(); ++row) {
            QAccessibleInterface* found = child(row);
            if (found && found->rect().contains(x, y))
                return found;
        }
        return nullptr;
    }
    [[nodiscard]] QAccessibleInterface* focusChild() const override
    {
        return view_.hasFocus() ? childOf(view_.focusedMessage()) : nullptr;
    }

    [[nodiscard]] QAccessibleInterface* childOf(const EntryId& message) const
    {
        if (view_.rows().rowOf(message) < 0)
            return nullptr;
        const auto known = children_.constFind(message);
        if (known != children_.constEnd())
            return QAccessible::accessibleInterface(*known);
        // Qt owns registered interfaces; they go with drop() or with this view's interface.
        auto* made = new MessageAccess(view_, message);
        children_.insert(message, QAccessible::registerAccessibleInterface(made));
        return made;
    }
    void drop()
    {
        for (auto it = children_.begin(); it != children_.end();) {
            if (view_.rows().rowOf(it.key()) >= 0) {
                ++it;
                continue;
            }
            QAccessible::deleteAccessibleInterface(*it);
            it = children_.erase(it);
        }
    }
    [[nodiscard]] bool isUsed() const { return !children_.isEmpty(); }

private:
    ConversationView& view_;
    QMetaObject::Connection focusLink_;
    mutable QHash<EntryId, QAccessible::Id> children_;
};

QAccessibleInterface* make(const QString&, QObject* object)
{
    auto* view = qobject_cast<ConversationView*>(object);
    if (!view)
        return nullptr;
    view->setProperty(askedProperty, true);
    return new ViewAccess(*view); // Qt keeps and deletes it with the view
}

// The interface that something asked for; the platform's own test whether anybody listens gives false alarms.
ViewAccess* accessOf(ConversationView& view)
{
    if (!view.property(askedProperty).toBool())
        return nullptr;
    return dynamic_cast<ViewAccess*>(QAccessible::queryAccessibleInterface(&view));
}

} // namespace

void installConversationAccess()
{
    static const bool installed = [] {
        QAccessible::installFactory(make);
        return true;
    }();
    Q_UNUSED(installed)
}

QAccessibleInterface* messageAccess(ConversationView& view, const EntryId& message)
{
    auto* access = dynamic_cast<ViewAccess*>(QAccessible::queryAccessibleInterface(&view));
    return access ? access->childOf(message) : nullptr;
}

void dropMessageAccess(ConversationView& view)
{
    if (ViewAccess* access = accessOf(view))
        access->drop();
}

void announceArrived(ConversationView& view, int count)
{
    ViewAccess* access = accessOf(view);
    if (!access)
        return;
    for (int row = std::max(0, view.rows().count() - count); row < view.rows().count(); ++row) {
        if (QAccessibleInterface* child = access->child(row)) {
            QAccessibleEvent event(child, QAccessible::ObjectShow);
            QAccessible::updateAccessibility(&event);
        }
    }
}

} // namespace holdfast::ui
