#include "ui/shell/main_window.h"

#include "ui/lock/lock_screen.h"
#include "ui/lock/sign_in_strip.h"
#include "ui/shell/desk_frame.h"

#include <QPainter>
#include <QPointer>
#include <QSettings>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace holdfast::ui {
namespace {

constexpr QSize smallest(720, 450);
constexpr QSize firstSize(1440, 900);

QString geometryKey()
{
    return QStringLiteral("window/geometry");
}
QString schemeKey()
{
    return QStringLiteral("look/scheme");
}
QString textKey()
{
    return QStringLiteral("look/text");
}

} // namespace

Scheme savedScheme(const QSettings& settings, Scheme otherwise)
{
    const QString word = settings.value(schemeKey()).toString();
    if (word == QLatin1StringView("light"))
        return Scheme::light;
    if (word == QLatin1StringView("dark"))
        return Scheme::dark;
    return word == QLatin1StringView("contrast") ? Scheme::highContrast : otherwise;
}

int savedTextPercent(const QSettings& settings)
{
    return settings.value(textKey(), 100).toInt();
}

MainWindow::MainWindow(Theme& theme, views::Session& session, const Clock& clock, QSettings& settings, QWidget* parent)
    : QWidget(parent), theme_(theme), session_(session), clock_(clock), settings_(settings)
{
    setWindowTitle(tr("Holdfast"));
    setAccessibleName(tr("Holdfast"));
    setMinimumSize(smallest);
    resize(firstSize);
    restoreGeometry(settings.value(geometryKey()).toByteArray());
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    signIn_ = new SignInStrip(theme, session, this);
    rows->addWidget(signIn_);
    pages_ = new QStackedLayout;
    rows->addLayout(pages_, 1);
    connect(&session, &views::Session::stateChanged, this, &MainWindow::showState);
    connect(&theme, &Theme::changed, this, [this] { update(); });
    showState();
}

MainWindow::~MainWindow() = default;

void MainWindow::showState()
{
    // Late: the change may come out of a call of the very screen that goes now. A queued call and not deleteLater(),
    // which a nested loop would put behind the session's own closing of the desk: the screen saves drafts as it goes.
    for (QWidget* old : std::initializer_list<QWidget*>{lock_, desk_}) {
        if (!old)
            continue;
        old->hide();
        pages_->removeWidget(old);
        QMetaObject::invokeMethod(
            this, [gone = QPointer<QWidget>(old)] { delete gone; }, Qt::QueuedConnection);
    }
    lock_ = nullptr;
    desk_ = nullptr;
    views::Desk* open = session_.desk();
    if (session_.state() != views::Session::State::open || !open) {
        signIn_->hide();
        lock_ = new LockScreen(theme_, session_, this);
        pages_->addWidget(lock_);
        pages_->setCurrentWidget(lock_);
        lock_->setFocus();
        return;
    }
    desk_ = new DeskFrame(theme_, *open, clock_, settings_, this);
    connect(desk_, &DeskFrame::lockRequested, this, [this] { session_.lock(); });
    connect(desk_, &DeskFrame::schemeRequested, this, [this](Scheme scheme) {
        theme_.setScheme(scheme);
        saveLook();
    });
    connect(desk_, &DeskFrame::textPercentRequested, this, [this](int percent) {
        theme_.setTextPercent(percent);
        saveLook();
    });
    pages_->addWidget(desk_);
    pages_->setCurrentWidget(desk_);
    desk_->setFocus();
}

void MainWindow::saveLook()
{
    const QString word = theme_.isHighContrast() ? QStringLiteral("contrast")
                         : theme_.isDark()       ? QStringLiteral("dark")
                                                 : QStringLiteral("light");
    settings_.setValue(schemeKey(), word);
    settings_.setValue(textKey(), theme_.textPercent());
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    settings_.setValue(geometryKey(), saveGeometry());
    QWidget::closeEvent(event);
}

void MainWindow::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), theme_.colour(Colour::nav));
}

} // namespace holdfast::ui
