/**
 * From instruction words to operations: one table of encodings (data, with its provenance) that every
 * executor, the disassembler and the generators of tests share.
 *
 * <pre>
 *   rv64gc.encodings --parsed once--&gt; EncodingTable --+--&gt; Decoder, CompressedDecoder   word -&gt; packed long
 *                                                     +--&gt; Disassembler                word -&gt; text
 *                                                     +--&gt; Encoder                     operands -&gt; word
 *                                                     +--&gt; Op                          numbers and properties
 * </pre>
 */
package dev.reprise.cpu.decode;
