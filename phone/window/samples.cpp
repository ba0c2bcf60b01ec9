#include "phone/window/samples.h"

#include "sample/media.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

namespace holdfast::phone {
namespace {

constexpr qint64 largest = 16LL * 1024 * 1024; // bytes

PickedFile picked(sample::MediaFile file)
{
    return {std::move(file.bytes), file.mime.toLatin1(), std::move(file.name)};
}

QByteArray kindOf(const QByteArray& bytes)
{
    if (bytes.startsWith("\xff\xd8\xff"))
        return "image/jpeg";
    if (bytes.startsWith("\x89PNG\r\n\x1a\n"))
        return "image/png";
    return bytes.startsWith("%PDF-") ? "application/pdf" : "application/octet-stream";
}

QString words(const char* text)
{
    return QCoreApplication::translate("Samples", text);
}

} // namespace

struct Samples::Maker
{
    sample::Dice dice;
    int photos = 0;
    int documents = 0;
};

Samples::Samples(quint64 seed) : maker_(std::make_unique<Maker>(Maker{sample::Dice(seed)})) {}

Samples::~Samples() = default;

PickedFile Samples::photo()
{
    const auto scene = ++maker_->photos % 3 == 0 ? sample::Scene::windscreen : sample::Scene::car;
    return picked(sample::makePhoto(maker_->dice, scene));
}

PickedFile Samples::pdf()
{
    const bool report = ++maker_->documents % 2 == 1;
    const QString title = report ? words("SAPS accident report") : words("Repair quotation");
    const QStringList lines =
        report ? QStringList{words("Case 212/10/2026, Rosebank police station"),
                             words("A vehicle reversed into a parked vehicle on level P2 of the parkade."),
                             words("Damage: left front door and fender. Nobody was hurt.")}
               : QStringList{words("Left front door: repair and paint, R 14 200.00"),
                             words("Left front fender: replace and paint, R 9 850.00"),
                             words("Valid for 30 days. Prices include VAT.")};
    return picked(sample::makePdf(maker_->dice, title + QStringLiteral(".pdf"), title, lines));
}

Result<PickedFile> readPicked(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::io, words("This file cannot be read. Nothing was sent."));
    if (file.size() > largest)
        return fail(ErrorCode::tooLarge, words("This file is larger than 16 MB. Nothing was sent."));
    PickedFile chosen;
    chosen.bytes = file.read(largest);
    chosen.mime = kindOf(chosen.bytes);
    chosen.name = QFileInfo(path).fileName();
    return chosen;
}

} // namespace holdfast::phone
