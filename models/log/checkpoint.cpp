#include "models/log/checkpoint.h"

#include <QList>
#include <QStringDecoder>

namespace holdfast::log {
namespace {

constexpr qsizetype maxNoteBytes = 64 * 1024;
constexpr qsizetype maxSignatures = 16;
constexpr qsizetype keyHashBytes = 4;
constexpr char ed25519Type = 0x01;       // signature type of C2SP signed-note
constexpr char dash[] = "\xe2\x80\x94 "; // U+2014 and a space open a signature line

tl::unexpected<Error> notANote()
{
    return fail(ErrorCode::invalidInput,
                QStringLiteral("This is not a checkpoint of a Holdfast log. Ask for the checkpoint again."));
}

QByteArray keyHash(const QByteArray& name, QByteArrayView publicKey)
{
    const QByteArray type(1, ed25519Type);
    return sha256({name, "\n", type, publicKey}).toBytes().first(keyHashBytes);
}

std::optional<QByteArray> strictBase64(const QByteArray& text)
{
    const auto decoded = QByteArray::fromBase64Encoding(text, QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || (*decoded).toBase64() != text)
        return std::nullopt;
    return *decoded;
}

// Decimal without sign, spaces or leading zeros, as this program writes it.
std::optional<quint64> strictDecimal(const QByteArray& text)
{
    bool good = false;
    const quint64 value = text.toULongLong(&good);
    if (!good || QByteArray::number(value) != text)
        return std::nullopt;
    return value;
}

std::optional<Checkpoint> parseText(const QByteArray& text)
{
    const QList<QByteArray> lines = text.split('\n'); // the text ends in a newline, so the last part is empty
    if (lines.size() != 4)
        return std::nullopt;
    const QList<QByteArray> origin = lines[0].split('/');
    if (origin.size() != 3)
        return std::nullopt;
    const auto org = OrgId::fromHex(QByteArrayView(origin[1]));
    const auto epoch = strictDecimal(origin[2]);
    const auto size = strictDecimal(lines[1]);
    const auto rootBytes = strictBase64(lines[2]);
    const auto root = rootBytes ? Digest::fromBytes(*rootBytes) : std::nullopt;
    if (!org || !epoch || !size || !root)
        return std::nullopt;
    if (checkpointOrigin(*org, {*epoch}).toLatin1() != lines[0]) // also refuses upper-case hex
        return std::nullopt;
    return Checkpoint{*org, {*epoch}, *size, *root};
}

struct SignatureLine
{
    QByteArray name;
    QByteArray keyHash;
    QByteArray signature;
};

std::optional<SignatureLine> parseSignature(const QByteArray& line)
{
    if (!line.startsWith(dash))
        return std::nullopt;
    const QList<QByteArray> parts = line.sliced(qsizetype(sizeof dash) - 1).split(' ');
    if (parts.size() != 2 || parts[0].isEmpty() || parts[0].contains('+'))
        return std::nullopt;
    const auto bytes = strictBase64(parts[1]);
    if (!bytes || bytes->size() <= keyHashBytes)
        return std::nullopt;
    return SignatureLine{parts[0], bytes->first(keyHashBytes), bytes->sliced(keyHashBytes)};
}

std::optional<QList<SignatureLine>> parseSignatures(const QByteArray& block)
{
    QList<QByteArray> lines = block.split('\n');
    if (lines.size() < 2 || lines.size() > maxSignatures + 1 || !lines.takeLast().isEmpty())
        return std::nullopt;
    QList<SignatureLine> signatures;
    for (const QByteArray& line : lines) {
        const auto signature = parseSignature(line);
        if (!signature)
            return std::nullopt;
        signatures.append(*signature);
    }
    return signatures;
}

bool isPlainText(QByteArrayView note)
{
    for (const char character : note) {
        if (static_cast<uint8_t>(character) < 0x20 && character != '\n')
            return false;
    }
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString decoded = decoder.decode(note);
    return !decoder.hasError() && !decoded.isEmpty();
}

} // namespace

QString checkpointOrigin(const OrgId& org, Epoch epoch)
{
    return QStringLiteral("holdfast/%1/%2").arg(org.toHexString(), QString::number(epoch.value));
}

QByteArray signCheckpoint(const Checkpoint& checkpoint, const SigningKey& key)
{
    const QByteArray name = checkpointOrigin(checkpoint.org, checkpoint.epoch).toLatin1();
    const QByteArray text =
        name + '\n' + QByteArray::number(checkpoint.size) + '\n' + checkpoint.root.toBytes().toBase64() + '\n';
    const QByteArray signature = keyHash(name, key.publicKey()) + key.sign(text);
    return text + '\n' + dash + name + ' ' + signature.toBase64() + '\n';
}

Result<Checkpoint> openCheckpoint(QByteArrayView note, QByteArrayView logPublicKey)
{
    if (note.size() > maxNoteBytes || !isPlainText(note))
        return notANote();
    const QByteArray bytes = note.toByteArray();
    const qsizetype blankLine = bytes.indexOf("\n\n");
    if (blankLine < 0)
        return notANote();
    const QByteArray text = bytes.first(blankLine + 1);
    const auto checkpoint = parseText(text);
    const auto signatures = parseSignatures(bytes.sliced(blankLine + 2));
    if (!checkpoint || !signatures)
        return notANote();
    const QByteArray name = checkpointOrigin(checkpoint->org, checkpoint->epoch).toLatin1();
    bool found = false;
    for (const SignatureLine& line : *signatures) {
        if (line.name != name || line.keyHash != keyHash(name, logPublicKey))
            continue;
        found = verifySignature(logPublicKey, text, line.signature);
        if (!found)
            break;
    }
    if (!found)
        return fail(ErrorCode::denied, QStringLiteral("The checkpoint is not signed by this organisation's log. "
                                                      "Tell an administrator: the log may have been replaced."));
    return *checkpoint;
}

Result<Checkpoint> openCheckpoint(QByteArrayView note, std::span<const QByteArray> logPublicKeys)
{
    Result<Checkpoint> opened = notANote();
    for (const QByteArray& key : logPublicKeys) {
        opened = openCheckpoint(note, QByteArrayView(key));
        if (opened)
            break;
    }
    return opened;
}

} // namespace holdfast::log
