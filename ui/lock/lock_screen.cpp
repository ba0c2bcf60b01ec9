#include "ui/lock/lock_screen.h"

#include "ui/lock/cards.h"
#include "ui/shell/brand.h"
#include "ui/theme/words.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/painting.h"

#include <QEvent>
#include <QPainter>
#include <QScrollArea>
#include <QSysInfo>
#include <QVBoxLayout>

namespace holdfast::ui {
namespace {

constexpr int columnWidth = 400;
constexpr int barHeight = 24;
constexpr int brandSize = 40;

// "Device   JHB-CC-2217"
class FactLine : public QWidget
{
public:
    FactLine(const Theme& theme, Icon icon, const QString& name, const QString& value, QWidget* parent)
        : QWidget(parent), theme_(theme), icon_(icon), name_(name), value_(plainLine(value, 200))
    {
        setFixedHeight(theme.grown(28));
        setAccessibleName(name_ + QStringLiteral(": ") + value_);
    }
    void setValue(const QString& value)
    {
        value_ = value;
        setAccessibleName(name_ + QStringLiteral(": ") + value_);
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        theme_.icons().paint(painter, QPointF(4, (height() - 16) / 2.0), icon_, 16, theme_.colour(Colour::text2));
        const int left = theme_.grown(140);
        paintLine(painter, QRect(28, 0, left - 36, height()), name_, Role::base, Colour::text2, theme_);
        paintLine(painter, QRect(left, 0, width() - left, height()), value_, Role::name, Colour::text, theme_);
    }

private:
    const Theme& theme_;
    Icon icon_;
    QString name_;
    QString value_;
};

} // namespace

LockScreen::LockScreen(const Theme& theme, views::Session& session, QWidget* parent)
    : QWidget(parent), theme_(theme), session_(session), area_(new QScrollArea(this)), holder_(new QWidget),
      column_(new QWidget(holder_))
{
    area_->setFrameShape(QFrame::NoFrame);
    area_->setFocusPolicy(Qt::NoFocus);
    area_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area_->setAccessibleName(tr("Lock screen"));
    area_->viewport()->setAutoFillBackground(false);
    area_->setWidget(holder_);
    holder_->setAutoFillBackground(false);
    const std::optional<views::KnownDesk> known = session.knownDesk();
    auto* rows = new QVBoxLayout(column_);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    auto* head = new QHBoxLayout;
    head->setSpacing(12);
    head->addWidget(new BrandMark(theme, brandSize, column_));
    auto* words = new QVBoxLayout;
    words->setSpacing(0);
    auto* title = new TextLabel(theme, Role::lockTitle, Colour::text, column_);
    title->setText(known ? tr("Holdfast is locked") : tr("Sign in to Holdfast"));
    auto* subtitle = new TextLabel(theme, Role::base, Colour::text2, column_);
    subtitle->setText(known ? plainLine(known->organisation, 100) : tr("Nobody is signed in on this computer"));
    subtitle->setElided(true);
    words->addWidget(title);
    words->addWidget(subtitle);
    head->addLayout(words, 1);
    rows->addLayout(head);
    rows->addSpacing(20);
    auto* facts = new QVBoxLayout;
    facts->setSpacing(0);
    facts->addWidget(new FactLine(theme, Icon::device, tr("Device"), QSysInfo::machineHostName(), column_));
    facts->addWidget(new FactLine(theme, Icon::lock, tr("Your data"), tr("stays encrypted on this device"), column_));
    auto* server =
        new FactLine(theme, Icon::cloud, tr("Server"), known ? known->server.host() : tr("not asked yet"), column_);
    facts->addWidget(server);
    if (known) {
        unlock_ = new UnlockCard(theme, session, *known, column_);
        rows->addWidget(unlock_);
        setFocusProxy(unlock_);
    } else {
        first_ = new FirstRunCard(theme, session, column_);
        rows->addWidget(first_);
        setFocusProxy(first_);
        connect(first_, &FirstRunCard::organisationFound, this, [server](const QString&, bool secure) {
            server->setValue(secure ? tr("reachable, certificate valid") : tr("reachable on this computer"));
        });
        connect(first_, &FirstRunCard::serverSilent, this, [server] { server->setValue(tr("does not answer")); });
        connect(first_, &FirstRunCard::serverLeft, this, [server] { server->setValue(tr("not asked yet")); });
    }
    rows->addSpacing(14);
    rows->addLayout(facts);
    column_->installEventFilter(this);
    connect(&theme, &Theme::changed, this, [this] {
        place();
        update();
    });
}

void LockScreen::place()
{
    const int width = std::min(columnWidth + (theme_.textPercent() > 100 ? 80 : 0), this->width() - 32);
    const int wanted = column_->layout()->hasHeightForWidth() ? column_->layout()->totalHeightForWidth(width)
                                                              : column_->sizeHint().height();
    const int room = height() - barHeight;
    area_->setGeometry(0, 0, this->width(), room);
    holder_->resize(this->width(), std::max(room, wanted + 16));
    // A little above the middle, where the eye rests.
    const int top = std::max(8, (room - wanted) * 46 / 100);
    column_->setGeometry((this->width() - width) / 2, top, width, wanted);
}

// A hint came or went: the column changes its height.
bool LockScreen::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == column_ && event->type() == QEvent::LayoutRequest)
        place();
    return QWidget::eventFilter(watched, event);
}

void LockScreen::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    place();
}

void LockScreen::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), theme_.colour(Colour::nav));
    const QRect bar(0, height() - barHeight, width(), barHeight);
    paintHairline(painter, bar, Qt::TopEdge, theme_.colour(Colour::line));
    const int middle = bar.center().y() + 1;
    int x = 12;
    const auto words = [&](const QString& text) {
        x += paintLine(painter, QRect(x, bar.top(), bar.width() - x, barHeight), text, Role::secondary, Colour::text2,
                       theme_);
    };
    if (unlock_) {
        theme_.icons().paint(painter, QPointF(x, middle - 7), Icon::lock, 14, theme_.colour(Colour::text2));
        x += 18;
        words(tr("Encrypted"));
        painter.fillRect(QRectF(x + 8, middle - 5, 1, 11), theme_.colour(Colour::line2));
        x += 17;
    }
    painter.setPen(QPen(theme_.colour(Colour::text2), 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(QPointF(x + 4, middle), 3.25, 3.25);
    x += 13;
    words(unlock_ ? tr("Sync paused while locked") : tr("Not signed in"));
    const QString version = tr("Version %1").arg(QStringLiteral(HOLDFAST_VERSION));
    paintLine(painter, QRect(x + 8, bar.top(), width() - x - 20, barHeight), version, Role::secondary, Colour::text3,
              theme_, Qt::AlignRight);
}

} // namespace holdfast::ui
