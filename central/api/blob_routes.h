// Attachments: resumable upload by chunks, download by ranges. Access follows the blob's thread.
#pragma once

#include "central/api/authenticator.h"

namespace holdfast::api {

class BlobRoutes
{
public:
    explicit BlobRoutes(store::Store& store) : store_(store), authenticator_(store) {}
    void addTo(http::Router& router);

private:
    void begin(const http::Request& request, const http::Responder& responder);
    void putChunk(const http::Request& request, const http::Responder& responder);
    void download(const http::Request& request, const http::Responder& responder);

    store::Store& store_;
    Authenticator authenticator_;
};

} // namespace holdfast::api
