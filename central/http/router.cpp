#include "central/http/router.h"

#include <QString>

namespace holdfast::http {
namespace {

// Split before decoding, so that an encoded slash stays inside its segment.
std::vector<QByteArray> segmentsOf(QByteArrayView path)
{
    std::vector<QByteArray> segments;
    qsizetype start = 1; // after the leading slash
    while (start <= path.size()) {
        qsizetype end = start;
        while (end < path.size() && path[end] != '/')
            ++end;
        segments.push_back(path.sliced(start, end - start).toByteArray());
        start = end + 1;
    }
    return segments;
}

bool isParameter(const QByteArray& segment)
{
    return segment.size() > 2 && segment.startsWith('{') && segment.endsWith('}');
}

// How many segments match literally, or -1 when the path is another's.
int matchQuality(const std::vector<QByteArray>& pattern, const std::vector<QByteArray>& path)
{
    if (pattern.size() != path.size())
        return -1;
    int literal = 0;
    for (size_t i = 0; i < pattern.size(); ++i) {
        if (isParameter(pattern[i])) {
            if (path[i].isEmpty())
                return -1;
        } else if (pattern[i] == path[i]) {
            ++literal;
        } else {
            return -1;
        }
    }
    return literal;
}

} // namespace

void Router::add(QByteArrayView method, QByteArrayView pattern, Handler handler, RouteOptions options)
{
    routes_.push_back({method.toByteArray(), segmentsOf(pattern), std::move(handler), std::move(options)});
}

void Router::setFallback(Handler handler, RouteOptions options)
{
    fallback_ = Route{{}, {}, std::move(handler), std::move(options)};
}

Router::Match Router::match(Request& request) const
{
    const std::vector<QByteArray> path = segmentsOf(request.path);
    const QByteArrayView method = request.method == "HEAD" ? QByteArrayView("GET") : QByteArrayView(request.method);
    const Route* best = nullptr;
    int bestQuality = -1;
    QByteArray allowed;
    for (const Route& route : routes_) {
        const int quality = matchQuality(route.segments, path);
        if (quality < 0)
            continue;
        if (route.method != method) {
            allowed += (allowed.isEmpty() ? "" : ", ") + route.method;
        } else if (quality > bestQuality) {
            best = &route;
            bestQuality = quality;
        }
    }
    if (!best) {
        if (fallback_)
            return {&*fallback_, {}};
        if (allowed.isEmpty())
            return {nullptr, Response::error(404, "not_found", QStringLiteral("There is nothing at this address."))};
        Match refused{nullptr, Response::error(405, "bad_method", QStringLiteral("This address takes other methods."))};
        refused.refusal.headers.set("Allow", allowed);
        return refused;
    }
    for (size_t i = 0; i < path.size(); ++i) {
        if (!isParameter(best->segments[i]))
            continue;
        const auto value = percentDecoded(path[i]);
        if (!value)
            return {nullptr, Response::error(400, "bad_request", QStringLiteral("The address is not well formed."))};
        request.parameters.emplace_back(best->segments[i].mid(1, best->segments[i].size() - 2), *value);
    }
    return {best, {}};
}

} // namespace holdfast::http
