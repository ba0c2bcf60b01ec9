#include "phone/graph_error.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace holdfast::phone {

using namespace Qt::StringLiterals;

http::Response graphErrorResponse(const GraphError& error)
{
    const QJsonObject data{{u"messaging_product"_s, u"whatsapp"_s}, {u"details"_s, error.details}};
    const QJsonObject inner{{u"message"_s, u"(#%1) %2"_s.arg(error.code).arg(error.details)},
                            {u"type"_s, u"OAuthException"_s},
                            {u"code"_s, error.code},
                            {u"error_data"_s, data},
                            {u"fbtrace_id"_s, u"AStandInTrace"_s}};
    return http::Response::json(error.httpStatus,
                                QJsonDocument(QJsonObject{{u"error"_s, inner}}).toJson(QJsonDocument::Compact));
}

http::Response graphSuccess()
{
    return http::Response::json(200, R"({"success":true})");
}

} // namespace holdfast::phone
