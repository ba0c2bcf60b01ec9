// Which handler answers which method and path.
#pragma once

#include "central/http/responder.h"

namespace holdfast::http {

struct RouteOptions
{
    qint64 bodyLimit = 64 * 1024; // bytes; more is answered 413 without being read
    // Looks at the request before its body is read (body is still empty); a response refuses it. Must not block.
    std::function<std::optional<Response>(const Request&)> admit;
};

struct Route
{
    QByteArray method;
    std::vector<QByteArray> segments; // "{name}" takes any one segment that is not empty
    Handler handler;
    RouteOptions options;
};

class Router
{
public:
    // `pattern` such as "/v1/blobs/{id}/{chunk}". Exact segments win over {param} ones. A GET route also answers HEAD.
    void add(QByteArrayView method, QByteArrayView pattern, Handler handler, RouteOptions options = {});
    // Answers what no route takes, in place of 404 and 405.
    void setFallback(Handler handler, RouteOptions options = {});

    struct Match
    {
        const Route* route = nullptr; // null: `refusal` says why
        Response refusal;
    };
    // Fills request.parameters.
    [[nodiscard]] Match match(Request& request) const;

private:
    std::vector<Route> routes_;
    std::optional<Route> fallback_;
};

} // namespace holdfast::http
