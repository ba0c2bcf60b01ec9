#include "central/store/session.h"

#include "central/store/context.h"

namespace holdfast::store {

const Organisation& StoreReader::organisation() const
{
    return context_.organisation;
}

Clock& StoreWriter::clock()
{
    return context_.clock;
}

RandomSource& StoreWriter::random()
{
    return context_.random;
}

} // namespace holdfast::store
