// The pieces that makeSampleData() puts together.
#pragma once

#include "tests/ui_support/sample_data.h"

namespace holdfast::test {

// A painted picture of a parked car, PNG; `view` 0 to 5 gives another place of the camera.
[[nodiscard]] QByteArray carPicture(int view, int width, int height);
// A one-page PDF file with nothing on it.
[[nodiscard]] QByteArray smallPdf();

[[nodiscard]] QList<views::Staff> sampleStaff();
[[nodiscard]] domain::PolicyFacts motorPolicy();

// The long conversation of the pictures, and the room beside it.
void writeAccidentTalk(SampleData& data, SampleThread& thread);
void writeRoomTalk(SampleData& data, SampleThread& room);

// Appends with the next key and a fixed id; answers the message for more detail.
views::Message& addMessage(SampleThread& thread, views::MessageKind kind, const views::Staff& author, Timestamp at,
                           const QString& text);

} // namespace holdfast::test
