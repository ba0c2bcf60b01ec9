#include "ui/conversation/conversation_header.h"

#include "ui/theme/style.h"
#include "ui/theme/words.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/painting.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace holdfast::ui {

namespace {

constexpr int faceSize = 32;

QString separator()
{
    return QStringLiteral(" · ");
}

} // namespace

WindowPill::WindowPill(const Theme& theme, QWidget* parent) : QWidget(parent), theme_(theme)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void WindowPill::show(const std::optional<Timestamp>& until, Timestamp now)
{
    const WindowState state = ui::windowState(until, now);
    words_ = ui::windowWords(until, now);
    if (state == WindowState::closed)
        words_ = tr("WhatsApp reply closed, use a template");
    shortWords_ = shortWindowWords(until, now);
    icon_ = state == WindowState::closed ? Icon::lock : Icon::clock;
    const bool soon = state == WindowState::soon;
    const bool urgent = state == WindowState::urgent;
    fill_ = urgent ? Colour::badTint : soon ? Colour::warnTint : Colour::hover;
    ink_ = urgent ? Colour::bad : soon ? Colour::warn : Colour::text2;
    setAccessibleName(words_);
    setToolTip(plainToolTip(until && state != WindowState::closed
                                ? tr("WhatsApp takes free replies until %1").arg(dateAndTime(*until))
                                : words_));
    setVisible(!words_.isEmpty());
    updateGeometry();
    update();
}

void WindowPill::setShort(bool isShort)
{
    if (isShort == short_)
        return;
    short_ = isShort;
    updateGeometry();
    update();
}

QSize WindowPill::sizeHint() const
{
    return {textWidth(shown(), Role::secondary, theme_) + theme_.grown(14) + 24, theme_.grown(24)};
}

void WindowPill::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme_.isHighContrast() ? QPen(theme_.colour(Colour::text)) : QPen(Qt::NoPen));
    painter.setBrush(theme_.colour(fill_));
    painter.drawRoundedRect(QRectF(rect()), height() / 2.0, height() / 2.0);
    const int icon = theme_.grown(14);
    theme_.icons().paintIn(painter, QRectF(10, 0, icon, height()), icon_, icon, theme_.colour(ink_));
    paintLine(painter, rect().adjusted(10 + icon + 5, 0, -8, 0), shown(), Role::secondary, ink_, theme_);
}

AssigneeButton::AssigneeButton(const Theme& theme, QWidget* parent) : QAbstractButton(parent), theme_(theme)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setFocusPolicy(Qt::TabFocus);
    connect(&theme, &Theme::changed, this, [this] { updateGeometry(); });
}

QSize AssigneeButton::sizeHint() const
{
    return {theme_.grown(28), theme_.grown(28)};
}

void AssigneeButton::show(const std::optional<views::Staff>& assignee)
{
    name_ = assignee ? plainLine(assignee->name, 80) : QString();
    const QString words = assignee ? tr("Assigned to %1, assign (A)").arg(name_) : tr("Unassigned, assign (A)");
    setAccessibleName(words);
    setToolTip(plainToolTip(words));
    update();
}

void AssigneeButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (isDown() || underMouse()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme_.colour(isDown() ? Colour::press : Colour::hover));
        painter.drawRoundedRect(rect(), 6, 6);
    }
    if (name_.isEmpty())
        theme_.icons().paintIn(painter, rect(), Icon::personPlus, theme_.grown(16), theme_.colour(Colour::text2));
    else
        paintAvatar(painter, QRectF(rect()).adjusted(4, 4, -4, -4), name_, AvatarShape::roundedSquare, theme_);
    if (hasFocus())
        paintFocusRing(painter, rect(), 6, theme_);
}

ConversationHeader::ConversationHeader(const Theme& theme, QWidget* parent) : QWidget(parent), theme_(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 0, 12, 0);
    row->setSpacing(4);
    back_ = new IconButton(theme, Icon::back, tr("Back to the list"), this);
    back_->hide();
    row->addWidget(back_);
    face_ = new QWidget(this);
    face_->setFixedSize(theme.grown(faceSize) + 4, theme.grown(faceSize));
    face_->setAttribute(Qt::WA_TransparentForMouseEvents);
    row->addWidget(face_);
    auto* words = new QVBoxLayout;
    words->setSpacing(0);
    title_ = new TextLabel(theme, Role::title, Colour::text, this);
    title_->setElided(true);
    subtitle_ = new TextLabel(theme, Role::secondary, Colour::text2, this);
    subtitle_->setElided(true);
    words->addStretch(1);
    words->addWidget(title_);
    words->addWidget(subtitle_);
    words->addStretch(1);
    row->addLayout(words, 1);
    pill_ = new WindowPill(theme, this);
    row->addWidget(pill_);
    row->addSpacing(6);
    assignee_ = new AssigneeButton(theme, this);
    row->addWidget(assignee_);
    done_ = new IconButton(theme, Icon::check, tr("Done (E)"), this);
    row->addWidget(done_);
    panel_ = new IconButton(theme, Icon::panel, tr("Policy and customer (F9)"), this);
    row->addWidget(panel_);
    connect(back_, &QAbstractButton::clicked, this, &ConversationHeader::backClicked);
    connect(assignee_, &QAbstractButton::clicked, this, &ConversationHeader::assignClicked);
    connect(done_, &QAbstractButton::clicked, this, &ConversationHeader::doneClicked);
    connect(panel_, &QAbstractButton::clicked, this, &ConversationHeader::panelClicked);
    connect(&theme, &Theme::changed, this, [this] {
        face_->setFixedSize(theme_.grown(faceSize) + 4, theme_.grown(faceSize));
        pill_->updateGeometry();
        updateGeometry();
        fit();
        update();
    });
    clear();
}

QSize ConversationHeader::sizeHint() const
{
    return {400, theme_.grown(48)};
}

void ConversationHeader::clear()
{
    name_.clear();
    title_->setText(QString());
    subtitle_->setText(QString());
    for (QWidget* part : std::initializer_list<QWidget*>{pill_, assignee_, done_, panel_, face_})
        part->hide();
    update();
}

void ConversationHeader::show(const views::ThreadHeader& header, Timestamp now)
{
    const views::ThreadRow& row = header.row;
    name_ = plainLine(row.title, 120);
    isCustomer_ = row.type == domain::ThreadType::customerCase;
    isDirect_ = row.type == domain::ThreadType::direct;
    title_->setText(isCustomer_ || isDirect_ ? name_ : u'#' + name_);
    QStringList parts;
    if (isCustomer_) {
        for (const QString& part : {plainLine(row.policyNumber, 40), plainLine(header.phone, 40)}) {
            if (!part.isEmpty())
                parts.append(part);
        }
    } else {
        if (!header.subtitle.isEmpty())
            parts.append(plainLine(header.subtitle, 120));
        else if (!isDirect_ && header.members > 0)
            parts.append(header.members == 1 ? tr("1 member") : tr("%1 members").arg(header.members));
    }
    subtitle_->setText(parts.join(separator()));
    subtitle_->setVisible(!parts.isEmpty());
    face_->setVisible(isCustomer_ || isDirect_);
    showActs(row);
    if (isCustomer_)
        pill_->show(row.windowUntil, now);
    else
        pill_->hide();
    fit();
    update();
}

// What narrows first: the phone number, which the panel shows too, then the pill's words, then the policy and the name.
void ConversationHeader::fit()
{
    pill_->setShort(false);
    layout()->invalidate();
    constexpr int leastText = 20; // what an elided label asks for
    const int room = width() - (layout()->minimumSize().width() - leastText);
    const QString policy = subtitle_->text().section(separator(), 0, 0);
    const int wanted =
        std::max(textWidth(title_->text(), Role::title, theme_), textWidth(policy, Role::secondary, theme_));
    pill_->setShort(wanted > room);
}

void ConversationHeader::showActs(const views::ThreadRow& row)
{
    assignee_->setVisible(isCustomer_);
    done_->setVisible(isCustomer_);
    panel_->setVisible(isCustomer_ && panelOffered_);
    assignee_->show(row.assignee);
    const bool isDone = row.status == domain::ThreadStatus::done;
    done_->setIconKind(isDone ? Icon::retry : Icon::check, isDone ? tr("Reopen (E)") : tr("Done (E)"));
}

void ConversationHeader::setBackVisible(bool visible)
{
    back_->setVisible(visible);
}

void ConversationHeader::setPanelOffered(bool offered)
{
    panelOffered_ = offered;
    panel_->setVisible(offered && isCustomer_ && !name_.isEmpty());
}

void ConversationHeader::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fit();
    update();
}

void ConversationHeader::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme_.colour(Colour::surface));
    paintHairline(painter, rect(), Qt::BottomEdge, theme_.colour(Colour::line));
    if (name_.isEmpty() || !face_->isVisibleTo(this))
        return;
    const QRectF box(face_->x(), face_->y(), face_->height(), face_->height());
    paintAvatar(painter, box, name_, isCustomer_ ? AvatarShape::circle : AvatarShape::roundedSquare, theme_);
}

} // namespace holdfast::ui
