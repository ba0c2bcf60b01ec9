#include "models/base/json_depth.h"

namespace holdfast {

bool nestsDeeperThan(QByteArrayView json, int limit)
{
    int depth = 0;
    bool inString = false;
    for (qsizetype i = 0; i < json.size(); ++i) {
        const char character = json[i];
        if (inString) {
            if (character == '\\')
                ++i;
            inString = character != '"';
        } else if (character == '"') {
            inString = true;
        } else if (character == '{' || character == '[') {
            if (++depth > limit)
                return true;
        } else if (character == '}' || character == ']') {
            --depth;
        }
    }
    return false;
}

} // namespace holdfast
