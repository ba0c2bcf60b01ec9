// Walks one whole story through the real windows and leaves a picture of each step in the given folder.
#include "sample/media.h"
#include "tests/story_support/desk_window.h"
#include "tests/story_support/organisation.h"
#include "ui/conversation/conversation_pane.h"
#include "ui/shell/desk_frame.h"

#include <QApplication>
#include <QDir>
#include <QRegularExpression>
#include <QStyleFactory>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

using namespace holdfast;
using namespace holdfast::story;

namespace {

const QString customer = QStringLiteral("+27825550143");
const QString customerName = QStringLiteral("Thandiwe Mokoena");
const QString passphrase = QStringLiteral("seven quiet herons wade");
constexpr int settle = 400; // milliseconds for fades and picture decoding before a picture is taken

class Story
{
public:
    Story(QString pictures, QString folder, int messages)
        : pictures_(std::move(pictures)), folder_(std::move(folder)),
          organisation_({folder_ + QStringLiteral("/org"), {}, messages})
    {}

    bool tell()
    {
        return step(
                   "central, the phone and the sample insurer start", [this] { return setUp(); }, false) &&
               step(
                   "first run", [this] { return firstRun(); }, true) &&
               step(
                   "signed in", [this] { return signIn(); }, true) &&
               step(
                   "a customer writes", [this] { return customerWrites(); }, true) &&
               step(
                   "with a photo", [this] { return photo(); }, true) &&
               step(
                   "the agent replies", [this] { return reply(); }, true) &&
               step(
                   "an internal note", [this] { return note(); }, true) &&
               step(
                   "assigned to a colleague", [this] { return assign(); }, true) &&
               step(
                   "the team's room", [this] { return room(); }, true) &&
               step(
                   "found by search", [this] { return search(); }, true) &&
               step(
                   "offline", [this] { return offline(); }, true) &&
               step(
                   "locked", [this] { return locked(); }, true) &&
               step(
                   "opened again, without central", [this] { return reopened(); }, true) &&
               step(
                   "sent once central is back", [this] { return back(); }, true) &&
               step(
                   "dark", [this] { return dark(); }, true) &&
               step(
                   "verified", [this] { return verified(); }, false);
    }

private:
    template <typename Act>
    bool step(const char* words, Act act, bool picture)
    {
        std::printf("%2d  %s\n", ++number_, words);
        std::fflush(stdout);
        const bool happened = act();
        if (desk_ && desk_->syncState().faultAt) {
            std::fprintf(stderr, "    the log check failed at %llu: %s\n",
                         static_cast<unsigned long long>(*desk_->syncState().faultAt),
                         qUtf8Printable(desk_->syncState().detail));
            save(QStringLiteral("fault"));
            return false;
        }
        if (!happened) {
            std::fprintf(stderr, "    did not happen%s%s\n", trouble_.isEmpty() ? "" : ": ", qUtf8Printable(trouble_));
            save(QStringLiteral("failed"));
            return false;
        }
        if (picture)
            save(
                QString::fromLatin1(words).replace(QRegularExpression(QStringLiteral("[^a-z]+")), QStringLiteral("-")));
        return true;
    }

    void save(const QString& name)
    {
        if (!desk_)
            return;
        QTest::qWait(settle);
        const QString file =
            QStringLiteral("%1/%2-%3.png").arg(pictures_).arg(number_, 2, 10, QLatin1Char('0')).arg(name);
        desk_->window().grab().save(file);
    }

    bool setUp()
    {
        trouble_ = organisation_.setUp();
        return trouble_.isEmpty();
    }

    bool firstRun()
    {
        desk_ = std::make_unique<DeskWindow>(dataDir());
        return desk_->window().lockScreen() != nullptr;
    }

    bool signIn()
    {
        if (!desk_->enrol(organisation_.server(), QStringLiteral("lerato"), organisation_.password(), passphrase)) {
            trouble_ = desk_->lockWords();
            return false;
        }
        return waitUntil(
            [this] {
                const views::SyncState state = desk_->syncState();
                return state.link == views::SyncState::Link::online && !state.catchingUp && state.verifiedUpTo > 0;
            },
            120);
    }

    bool customerWrites()
    {
        const QString text = QStringLiteral(
            "Good day, somebody reversed into my car at the Rosebank parkade. I am fine and the car still drives.");
        if (organisation_.phone().write(customer, customerName, text).isEmpty())
            return false;
        return desk_->openThreadOf(customerName, QStringLiteral("Good day, somebody")) &&
               waitUntil([&] { return desk_->message(text).has_value(); });
    }

    bool photo()
    {
        sample::Dice dice(11);
        const auto picture = sample::makePhoto(dice, sample::Scene::car);
        if (organisation_.phone()
                .sendFile(customer, customerName, QStringLiteral("The damage"), {}, picture.mime, picture.bytes)
                .isEmpty())
            return false;
        return waitUntil([this] { return desk_->hasPhoto(); }) && waitUntil([this] {
                   const auto media = organisation_.phone().customerMedia();
                   return !media.isEmpty() && media.first().value(QStringLiteral("deleted")).toBool();
               });
    }

    bool reply()
    {
        const QString text =
            QStringLiteral("I am sorry, Thandiwe. Glad you are safe. Did the other driver leave details?");
        if (!desk_->reply(text) || !reaches(text, domain::DeliveryStatus::delivered))
            return false;
        organisation_.phone().read(customer);
        return reaches(text, domain::DeliveryStatus::read);
    }

    bool note()
    {
        return desk_->note(QStringLiteral(
            "The parkade keeps CCTV for 7 days only. I asked for the footage. Hold settlement until we have it."));
    }

    bool assign()
    {
        return desk_->assignTo(QStringLiteral("Priya")) &&
               waitUntil([this] { return desk_->syncState().waiting == 0; });
    }

    bool room()
    {
        return desk_->openRoom(QStringLiteral("claims-motor")) &&
               desk_->say(
                   QStringLiteral("Heavy hail in Centurion overnight, expect glass and panel claims until noon."));
    }

    bool search() { return desk_->finds(QStringLiteral("parkade"), QStringLiteral("Rosebank")); }

    bool offline()
    {
        desk_->closePalette();
        organisation_.stopCentral();
        return waitUntil([this] { return desk_->syncState().link == views::SyncState::Link::offline; }) &&
               desk_->openThreadOf(customerName) && desk_->reply(written_) && desk_->syncState().waiting > 0;
    }

    bool locked()
    {
        desk_.reset();
        desk_ = std::make_unique<DeskWindow>(dataDir());
        return desk_->window().lockScreen() != nullptr;
    }

    bool reopened()
    {
        return desk_->unlock(passphrase) && desk_->openThreadOf(customerName) &&
               waitUntil([this] { return desk_->message(written_).has_value(); });
    }

    bool back()
    {
        trouble_ = organisation_.startCentral();
        return trouble_.isEmpty() && reaches(written_, domain::DeliveryStatus::delivered) &&
               organisation_.phone().timesReceived(written_) == 1;
    }

    bool dark()
    {
        desk_.reset();
        desk_ = std::make_unique<DeskWindow>(dataDir(), ui::Scheme::dark);
        return desk_->unlock(passphrase) && desk_->openThreadOf(customerName);
    }

    bool verified()
    {
        const Outcome outcome =
            organisation_.admin({QStringLiteral("verify"), QStringLiteral("--login"), QStringLiteral("admin"),
                                 QStringLiteral("--password-file"), organisation_.passwordFile()});
        std::fputs(outcome.output.constData(), stdout);
        trouble_ = QString::fromUtf8(outcome.errors);
        return outcome.good();
    }

    bool reaches(const QString& text, domain::DeliveryStatus status)
    {
        return waitUntil([&] {
            const auto message = desk_->message(text);
            return message && message->status == status;
        });
    }

    [[nodiscard]] QString dataDir() const { return folder_ + QStringLiteral("/desk"); }

    QString pictures_;
    QString folder_;
    Organisation organisation_;
    std::unique_ptr<DeskWindow> desk_;
    QString trouble_;
    QString written_ = QStringLiteral("The assessor is booked for tomorrow, 08:30, Randburg.");
    int number_ = 0;
};

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    const QStringList arguments = QApplication::arguments();
    const QString pictures = arguments.value(1, QStringLiteral("build/demo"));
    QDir().mkpath(pictures);
    const QTemporaryDir folder;
    Story story(pictures, folder.path(), arguments.value(2, QStringLiteral("20000")).toInt());
    if (!story.tell())
        return 1;
    std::printf("The story is told; its pictures are in %s\n", qUtf8Printable(pictures));
    return 0;
}
