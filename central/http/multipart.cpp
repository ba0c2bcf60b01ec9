#include "central/http/multipart.h"

#include <QList>
#include <QString>

#include <optional>

namespace holdfast::http {
namespace {

constexpr size_t maxParts = 32;
constexpr qsizetype maxPartHeader = 4096; // bytes

// RFC 7578 4.2 and WHATWG: quotes and line ends in names are percent-encoded.
QByteArray quoted(QByteArray name)
{
    return name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
}

// The value of `key` among `; key="value"` parameters.
std::optional<QByteArray> parameterOf(const QByteArray& header, QByteArrayView key)
{
    for (qsizetype at = header.indexOf(';'); at >= 0; at = header.indexOf(';', at)) {
        ++at;
        while (at < header.size() && (header[at] == ' ' || header[at] == '\t'))
            ++at;
        const QByteArrayView rest = QByteArrayView(header).sliced(at);
        if (rest.size() <= key.size() || rest[key.size()] != '=' ||
            rest.first(key.size()).compare(key, Qt::CaseInsensitive) != 0)
            continue;
        const qsizetype value = at + key.size() + 1;
        if (value < header.size() && header[value] == '"') {
            const qsizetype close = header.indexOf('"', value + 1);
            return close < 0 ? std::nullopt : std::optional(header.mid(value + 1, close - value - 1));
        }
        const qsizetype end = header.indexOf(';', value);
        return header.mid(value, end < 0 ? -1 : end - value).trimmed();
    }
    return std::nullopt;
}

std::optional<Part> parsePartHeader(const QByteArray& header)
{
    Part part;
    bool named = false;
    const QList<QByteArray> lines = header.split('\n');
    for (const QByteArray& raw : lines) {
        const QByteArray line = raw.trimmed();
        const qsizetype colon = line.indexOf(':');
        if (colon <= 0)
            return std::nullopt;
        const QByteArray name = line.left(colon).toLower();
        if (name == "content-disposition") {
            const auto field = parameterOf(line, "name");
            if (!line.mid(colon + 1).trimmed().startsWith("form-data") || !field)
                return std::nullopt;
            part.name = *field;
            part.fileName = parameterOf(line, "filename").value_or(QByteArray());
            named = true;
        } else if (name == "content-type") {
            part.contentType = line.mid(colon + 1).trimmed();
        }
    }
    return named ? std::optional(part) : std::nullopt;
}

auto malformed()
{
    return fail(ErrorCode::invalidInput, QStringLiteral("The form data is not well formed."));
}

} // namespace

MultipartBody buildMultipart(const std::vector<Part>& parts, const QByteArray& boundary)
{
    QByteArray body;
    for (const Part& part : parts) {
        body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + quoted(part.name) + '"';
        if (!part.fileName.isEmpty())
            body += "; filename=\"" + quoted(part.fileName) + '"';
        if (!part.contentType.isEmpty())
            body += "\r\nContent-Type: " + quoted(part.contentType);
        body += "\r\n\r\n" + part.body + "\r\n";
    }
    body += "--" + boundary + "--\r\n";
    return {"multipart/form-data; boundary=" + boundary, body};
}

Result<std::vector<Part>> parseMultipart(QByteArrayView contentType, const QByteArray& body)
{
    const auto boundary = parameterOf(contentType.toByteArray(), "boundary");
    const bool formData = contentType.toByteArray().toLower().startsWith("multipart/form-data");
    if (!formData || !boundary || boundary->isEmpty() || boundary->size() > 70) // 70: RFC 2046 5.1.1
        return malformed();
    const QByteArray opening = "--" + *boundary;
    const QByteArray delimiter = "\r\n" + opening;
    if (!body.startsWith(opening))
        return malformed();
    std::vector<Part> parts;
    qsizetype at = opening.size();
    while (true) {
        const QByteArrayView rest = QByteArrayView(body).sliced(at);
        if (rest.startsWith("--"))
            return parts;
        const qsizetype headerEnd = body.indexOf("\r\n\r\n", at);
        if (!rest.startsWith("\r\n") || headerEnd < at + 2 || headerEnd - at > maxPartHeader ||
            parts.size() == maxParts)
            return malformed();
        auto part = parsePartHeader(body.mid(at + 2, headerEnd - at - 2));
        const qsizetype bodyEnd = body.indexOf(delimiter, headerEnd + 4);
        if (!part || bodyEnd < 0)
            return malformed();
        part->body = body.mid(headerEnd + 4, bodyEnd - headerEnd - 4);
        parts.push_back(std::move(*part));
        at = bodyEnd + delimiter.size();
    }
}

} // namespace holdfast::http
