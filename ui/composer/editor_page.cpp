#include "ui/composer/editor_page.h"

#include "models/views/when_done.h"
#include "ui/composer/mention_list.h"
#include "ui/composer/send_keys.h"
#include "ui/theme/words.h"
#include "ui/widgets/controls.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMimeData>
#include <QVBoxLayout>

#include <cmath>

namespace holdfast::ui {

namespace {

constexpr int leastHeight = 36;
constexpr int mostHeight = 200;
constexpr int draftPauseMs = 600;
constexpr int counterFrom = 300; // characters left when the counter shows
constexpr int mostPasted = 64 * 1024;

} // namespace

GrowingEdit::GrowingEdit(const Theme& theme, const QString& accessibleName, QWidget* parent)
    : QPlainTextEdit(parent), theme_(theme)
{
    setAccessibleName(accessibleName);
    setFrameShape(QFrame::NoFrame);
    setTabChangesFocus(true);
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    viewport()->setAutoFillBackground(false);
    document()->setDocumentMargin(8);
    connect(this, &QPlainTextEdit::textChanged, this, [this] { updateGeometry(); });
    connect(&theme, &Theme::changed, this, &GrowingEdit::restyle);
    restyle();
}

void GrowingEdit::restyle()
{
    setFont(theme_.font(Role::message));
    QPalette palette = theme_.palette();
    palette.setColor(QPalette::Base, Qt::transparent);
    palette.setColor(QPalette::Text, theme_.colour(Colour::text));
    palette.setColor(QPalette::PlaceholderText, theme_.colour(Colour::text3));
    setPalette(palette);
    updateGeometry();
}

QSize GrowingEdit::sizeHint() const
{
    // QPlainTextEdit counts its document's height in lines.
    const double lines = std::max(1.0, document()->size().height());
    const double line = QFontMetricsF(font()).lineSpacing();
    const int high = static_cast<int>(std::ceil(lines * line + 2 * document()->documentMargin()));
    return {240, std::clamp(high, std::max(leastHeight, theme_.grown(leastHeight)), mostHeight)};
}

void GrowingEdit::resizeEvent(QResizeEvent* event)
{
    QPlainTextEdit::resizeEvent(event);
    if (event->oldSize().width() != event->size().width())
        updateGeometry();
}

void GrowingEdit::keyPressEvent(QKeyEvent* event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    const bool control = event->modifiers().testFlag(Qt::ControlModifier);
    const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
    if (enter && (control || (enterSends_ && !shift))) {
        Q_EMIT submitKey();
        event->accept();
    } else if (enter && shift) {
        insertPlainText(QStringLiteral("\n")); // else Qt makes a line separator, which others show as a box
    } else if (event->key() == Qt::Key_Escape) {
        Q_EMIT leaveKey();
        event->accept();
    } else {
        QPlainTextEdit::keyPressEvent(event);
    }
}

void GrowingEdit::insertFromMimeData(const QMimeData* source)
{
    if (source->hasText())
        insertPlainText(source->text().left(mostPasted));
}

void GrowingEdit::focusInEvent(QFocusEvent* event)
{
    QPlainTextEdit::focusInEvent(event);
    Q_EMIT focusMoved();
}

void GrowingEdit::focusOutEvent(QFocusEvent* event)
{
    QPlainTextEdit::focusOutEvent(event);
    Q_EMIT focusMoved();
}

EditorPage::EditorPage(const Theme& theme, const QString& fieldName, QWidget* parent) : QWidget(parent), theme_(theme)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    field_ = new GrowingEdit(theme, fieldName, this);
    column->addWidget(field_);
    tools_ = new QWidget;
    toolRow_ = new QHBoxLayout(tools_);
    toolRow_->setContentsMargins(0, 0, 0, 0);
    toolRow_->setSpacing(4);
    toolRow_->addStretch(1);
    counter_ = new TextLabel(theme, Role::smallPlain, Colour::text3, tools_);
    toolRow_->addWidget(counter_);
    hint_ = new SendKeys(theme, tools_);
    toolRow_->addWidget(hint_);
    button_ = new PushButton(theme, PushButton::Kind::primary, QString(), tools_);
    toolRow_->addWidget(button_);
    saveTimer_.setSingleShot(true);
    saveTimer_.setInterval(draftPauseMs);
    connect(&saveTimer_, &QTimer::timeout, this, &EditorPage::saveDraft);
    connect(field_, &QPlainTextEdit::textChanged, this, &EditorPage::textEdited);
    connect(field_, &GrowingEdit::submitKey, this, &EditorPage::submit);
    connect(field_, &GrowingEdit::leaveKey, this, &EditorPage::leave);
    connect(field_, &GrowingEdit::focusMoved, this, &EditorPage::looksChanged);
    connect(button_, &QAbstractButton::clicked, this, &EditorPage::submit);
}

EditorPage::~EditorPage()
{
    delete mentions_;
}

void EditorPage::setStaff(const QList<views::Staff>& staff)
{
    staff_ = staff;
    if (!mentions_)
        mentions_ = new MentionList(theme_, *field_);
    mentions_->setStaff(staff);
}

void EditorPage::setUpButton(const QString& text, std::optional<Icon> icon)
{
    button_->setText(text);
    button_->setAccessibleName(text);
    if (icon)
        button_->setLeadingIcon(*icon);
    button_->updateGeometry();
}

void EditorPage::setPlaceholder(const QString& text)
{
    field_->setPlaceholderText(text);
}

void EditorPage::setEnterSends(bool enterSends)
{
    field_->setEnterSends(enterSends);
    hint_->setKeys(enterSends ? QStringList{tr("Enter")} : QStringList{tr("Ctrl"), tr("Enter")});
}

void EditorPage::begin(std::unique_ptr<DraftKeeper> drafts)
{
    end();
    drafts_ = std::move(drafts);
    views::whenDone(drafts_->load(), this, [this, mine = generation_](const Result<QString>& text) {
        // Whoever already types here knows better than the store.
        if (mine != generation_ || !text || !field_->document()->isEmpty())
            return;
        saved_ = *text;
        field_->setPlainText(*text);
        field_->moveCursor(QTextCursor::End);
        saveTimer_.stop();
    });
    refresh();
}

void EditorPage::end()
{
    saveDraft();
    leaving();
    ++generation_;
    drafts_.reset();
    writing_ = false;
    saved_.clear();
    field_->clear();
    saveTimer_.stop();
    refresh();
}

void EditorPage::saveDraft()
{
    saveTimer_.stop();
    const QString text = field_->toPlainText();
    // What is being written is no draft: it would come back after it was sent.
    const bool isWritten = writing_ && text.trimmed() == written_;
    if (!drafts_ || text == saved_ || isWritten)
        return;
    saved_ = text;
    views::whenDone(drafts_->save(text), this, [this, mine = generation_](const Result<void>& done) {
        if (!done && mine == generation_)
            Q_EMIT failed(tr("The draft could not be saved. %1").arg(done.error().text));
    });
}

void EditorPage::textEdited()
{
    saveTimer_.start();
    refresh();
}

QString EditorPage::blockedReason() const
{
    return {};
}

bool EditorPage::hasContent() const
{
    return !field_->toPlainText().trimmed().isEmpty();
}

void EditorPage::refresh()
{
    // What the provider counts are characters, not the halves of a surrogate pair.
    const int left = limit() - static_cast<int>(field_->toPlainText().toUcs4().size());
    counter_->setVisible(left <= counterFrom);
    counter_->setText(left >= 0 ? tr("%1 left").arg(left) : tr("%1 too many").arg(-left));
    counter_->setLook(Role::smallPlain, left >= 0 ? Colour::text3 : Colour::bad);
    const QString blocked = blockedReason();
    button_->setEnabled(blocked.isEmpty() && hasContent() && left >= 0 && !writing_);
    button_->setToolTip(plainToolTip(!blocked.isEmpty() ? blocked : left < 0 ? tr("The text is too long") : QString()));
    Q_EMIT looksChanged();
}

QList<UserId> EditorPage::mentionsIn(const QString& text) const
{
    QList<UserId> found;
    for (const views::Staff& person : staff_) {
        const QString full = u'@' + person.name;
        const QString first = u'@' + person.name.section(u' ', 0, 0);
        const auto sameFirst = std::count_if(staff_.begin(), staff_.end(), [&](const views::Staff& other) {
            return other.name.section(u' ', 0, 0) == first.mid(1);
        });
        const auto names = [&](const QString& mark) {
            const qsizetype at = mark.size() < 2 ? -1 : text.indexOf(mark, 0, Qt::CaseInsensitive);
            const qsizetype end = at + mark.size();
            return at >= 0 && (end >= text.size() || !text.at(end).isLetterOrNumber());
        };
        if (names(full) || (sameFirst == 1 && names(first)))
            found.append(person.id);
    }
    return found;
}

void EditorPage::submit()
{
    const QString text = field_->toPlainText().trimmed();
    if (!drafts_ || writing_ || !button_->isEnabled())
        return;
    writing_ = true;
    written_ = text;
    refresh();
    views::whenDone(write(text), this, [this, mine = generation_, text, drafts = drafts_](const auto& result) {
        if (mine == generation_)
            return take(result, text);
        if (result) // another thread is open: nothing there has changed
            return;
        drafts->save(text);
        Q_EMIT failed(tr("Not sent. Your text is a draft again. %1").arg(result.error().text));
    });
}

void EditorPage::take(const Result<EntryId>& result, const QString& text)
{
    writing_ = false;
    if (!result) {
        refresh();
        Q_EMIT failed(tr("Not sent. Your text is still here. %1").arg(result.error().text));
        return;
    }
    afterWritten();
    // Only what was written goes; what was typed meanwhile stays.
    if (field_->toPlainText().trimmed() == text)
        field_->clear();
    saveDraft();
    refresh();
    Q_EMIT written(*result);
}

} // namespace holdfast::ui
