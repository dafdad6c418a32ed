""" "Dasar Literasi AI", first part: what AI is and how a language model answers."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import Chapter, LessonItem, Question

MEETING_AI: Final[Chapter] = Chapter(
    title="Mengenal AI tanpa Jargon",
    description=(
        "Apa yang sebenarnya terjadi di balik kotak obrolan, dan mengapa jawabannya bisa "
        "meyakinkan sekaligus keliru."
    ),
    lessons=(
        LessonItem(
            title="Apa Itu AI, dan Apa yang Bukan",
            description=(
                'Tiga arti kata "AI" yang sering tercampur, dan satu pertanyaan untuk memilahnya.'
            ),
            minutes=10,
            is_free_preview=True,
            content="""
                    Kata "AI" dipakai untuk hal-hal yang sangat berbeda: penyaring spam, rekomendasi
                    video, kamera yang mengenali wajah, sampai chatbot yang menulis surat. Supaya
                    percakapan di kantor tidak saling silang, pisahkan dulu tiga artinya.

                    ## Aturan yang ditulis manusia

                    Program lama bekerja dengan aturan: jika nilai di bawah 60, tampilkan "belum
                    lulus". Seseorang menulis aturan itu, dan orang lain dapat membacanya. Bila
                    hasilnya salah, kita tahu baris mana yang perlu diperbaiki. Sebagian produk yang
                    diiklankan sebagai AI sebenarnya hanya kumpulan aturan, dan itu bukan hal buruk.
                    Aturan murah, cepat, dan dapat dijelaskan.

                    ## Pola yang dipelajari dari contoh

                    Pembelajaran mesin membalik urutannya. Kita tidak menulis aturan, melainkan
                    memberi ribuan contoh: surel ini spam, surel itu bukan. Program mencari pola
                    yang memisahkan keduanya. Kekuatannya tampak pada hal yang sulit dirumuskan,
                    misalnya mengenali tulisan tangan. Kelemahannya datang dari sumber yang sama:
                    pola mengikuti contoh, termasuk bias dan kekosongan di dalamnya.

                    ## Model yang menghasilkan isi baru

                    AI generatif adalah cabang dari pembelajaran mesin. Ia belajar dari kumpulan
                    teks atau gambar yang sangat besar, lalu menghasilkan teks atau gambar baru yang
                    mirip polanya. Chatbot termasuk di sini. Ia tidak mencari jawaban di lemari
                    arsip, melainkan menyusunnya saat itu juga.

                    ## Satu pertanyaan pemilah

                    Ketika seseorang menawarkan "solusi AI", tanyakan: *dari mana sistem ini tahu
                    apa yang harus dilakukan?* Jawabannya biasanya satu dari tiga: dari aturan yang
                    kami tulis, dari data contoh, atau dari model bahasa milik penyedia lain.
                    Masing-masing membawa pertanyaan lanjutan yang berbeda. Aturan: siapa yang
                    merawatnya? Contoh: data siapa, dan seberapa mirip dengan keadaan kita? Model
                    bahasa: apa yang terjadi bila jawabannya salah, dan ke mana data kita dikirim?

                    Contoh dari sebuah klinik yang ditawari "AI antrean":

                    | Yang dijanjikan | Ternyata | Pertanyaan berikutnya |
                    |---|---|---|
                    | Nomor antrean otomatis | aturan | siapa mengubahnya saat dokter cuti? |
                    | Perkiraan waktu tunggu | contoh | data klinik mana, tahun berapa? |
                    | Menjawab pesan pasien | model bahasa | ke mana keluhan pasien dikirim? |

                    Satu produk, tiga golongan, tiga pertanyaan. Baris terakhir paling berat, karena
                    menyangkut data kesehatan; baris pertama dapat diputuskan hari itu juga.

                    ## Coba sendiri

                    Tulis lima alat digital yang Anda pakai minggu ini. Tebak masing-masing masuk
                    golongan mana. Anda akan menemukan bahwa beberapa alat memakai lebih dari satu
                    cara: aplikasi peta, misalnya, memakai aturan untuk rute satu arah dan pola dari
                    data untuk menebak macet. Pemilahan ini bukan lomba definisi. Gunanya supaya
                    Anda tahu pertanyaan mana yang patut diajukan sebelum percaya.
                """,
            questions=(
                Question(
                    "easy",
                    (
                        "Sebuah aplikasi menolak formulir karena kolom tanggal kosong. Golongan "
                        "mana yang paling mungkin?"
                    ),
                    (
                        "Pola yang dipelajari dari contoh",
                        "Aturan yang ditulis manusia",
                        "Model yang menghasilkan isi baru",
                    ),
                    right=1,
                    because=(
                        'Syarat "kolom tidak boleh kosong" cukup ditulis sebagai satu aturan yang '
                        "dapat dibaca siapa pun."
                    ),
                ),
                Question(
                    "medium",
                    (
                        "Model penilai lamaran dilatih dari keputusan sepuluh tahun terakhir, "
                        "ketika hampir tidak ada perempuan yang diterima. Apa yang paling mungkin "
                        "terjadi?"
                    ),
                    (
                        "Model bersikap netral, karena ia tidak punya kepentingan",
                        "Model menolak bekerja sampai contohnya lebih seimbang",
                        "Model meneruskan ketimpangan yang ada di dalam contohnya",
                        "Model mengoreksi ketimpangan itu karena datanya banyak",
                    ),
                    right=2,
                    because=(
                        "Model tidak punya sumber lain selain contohnya. Yang jarang atau timpang "
                        "di dalam contoh akan timpang pula dalam hasil."
                    ),
                ),
                Question(
                    "easy",
                    "Apa yang membedakan AI generatif dari mesin pencari biasa?",
                    (
                        "Ia menyusun isi baru saat itu juga",
                        "Ia hanya memakai sumber yang sudah diperiksa",
                        "Ia menyimpan jawaban untuk setiap pertanyaan",
                    ),
                    right=0,
                    because=(
                        "Mesin pencari menunjukkan dokumen yang ada. Chatbot menyusun kalimat, "
                        "sehingga kalimatnya bisa lancar tanpa dokumen yang mendukungnya."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Cara Model Bahasa Menyusun Jawaban",
            description=(
                "Tebak kata berikutnya, jutaan kali: gagasan sederhana yang menjelaskan banyak "
                "keanehan chatbot."
            ),
            minutes=10,
            is_free_preview=True,
            content="""
                    Bayangkan permainan melengkapi kalimat. "Selamat pagi, Bapak dan ..." Hampir
                    semua orang menjawab "Ibu". Model bahasa memainkan permainan itu dengan sangat
                    baik. Ia membaca semua teks yang ada di depannya, menghitung potongan kata mana
                    yang mungkin menyusul, memilih satu, lalu mengulanginya.

                    ## Token: potongan yang dihitung

                    Model tidak melihat huruf atau kata seperti kita, melainkan *token*, potongan
                    yang sering muncul bersama. Kata umum biasanya satu token. Kata panjang dengan
                    imbuhan, seperti "mempertanggungjawabkan", dapat terpecah menjadi beberapa. Dua
                    akibatnya terasa sehari-hari. Pertama, layanan menghitung biaya dan batas
                    panjang dalam token, bukan halaman. Kedua, model kadang gagal pada tugas huruf
                    demi huruf, misalnya menghitung huruf "a" dalam sebuah kata, karena huruf itu
                    tidak ia lihat satu per satu.

                    ## Kemungkinan, bukan ingatan

                    Pada setiap langkah ada banyak calon token. Model memberi bobot pada semuanya,
                    lalu layanan mengambil salah satu dengan sedikit unsur acak. Itulah sebabnya
                    pertanyaan yang sama dapat dijawab dengan kalimat berbeda. Pengaturan bernama
                    *temperature* menentukan seberapa berani pilihannya: rendah untuk hasil yang
                    ajek, tinggi untuk ragam gagasan.

                    ## Konteks: meja kerja yang terbatas

                    Semua yang Anda ketik, ditambah jawaban sebelumnya, diletakkan di satu "meja
                    kerja" yang disebut jendela konteks. Yang tidak ada di meja itu tidak ikut
                    dipertimbangkan. Dokumen kantor Anda tidak otomatis ada di sana. Bila percakapan
                    terlalu panjang, sebagian aplikasi memotong atau meringkas bagian awal. Maka
                    instruksi yang penting sebaiknya diulang, bukan diandaikan masih diingat.

                    ## Apa arti semua ini

                    Model mahir pada bentuk: nada, susunan, gaya surat resmi. Isinya bergantung pada
                    apa yang ada di konteks dan pola dari pelatihan. Tidak ada langkah khusus yang
                    memeriksa apakah sebuah kalimat benar. Jika aplikasi menambahkan pencarian web
                    atau kalkulator, langkah itu datang dari luar model, dan patut Anda pastikan
                    benar-benar dipakai.

                    ## Mencobanya pada satu kalimat

                    > Lengkapi dengan satu kata, beri lima kemungkinan dari yang paling lazim:
                      "Rapat besok diundur karena ..."

                    Jawabannya kurang lebih "hujan", "pembicara", "listrik", "jadwal", "kesehatan".
                    Semuanya masuk akal, dan tidak satu pun diketahui model. Dalam surat sungguhan
                    ia akan memilih salah satu dan menulisnya dengan nada yang sama yakinnya. Bila
                    alasan pengunduran penting bagi pembaca, Anda yang harus meletakkannya di meja
                    kerja itu.

                    ## Coba sendiri

                    Ajukan satu pertanyaan kerja tiga kali dalam percakapan baru. Garis bawahi
                    bagian yang selalu sama dan bagian yang berubah. Bagian yang berubah bukan tanda
                    model "berpikir ulang", melainkan tanda bahwa beberapa jawaban hampir sama
                    mungkinnya. Bagian itulah yang paling perlu Anda periksa.
                """,
            questions=(
                Question(
                    "easy",
                    "Mengapa chatbot dapat memberi kalimat berbeda untuk pertanyaan yang sama?",
                    (
                        "Karena ia mencari dokumen yang lain setiap kali ditanya",
                        "Karena tiap token dipilih dengan sedikit unsur acak",
                        "Karena ia mengingat siapa yang bertanya sebelumnya",
                    ),
                    right=1,
                    because=(
                        "Model memberi bobot pada banyak calon kata; pilihan dari bobot itu "
                        "mengandung unsur acak."
                    ),
                ),
                Question(
                    "medium",
                    (
                        "Kemarin Anda menempelkan peraturan perusahaan, hari ini Anda membuka "
                        "percakapan baru. Apa yang terjadi pada peraturan itu?"
                    ),
                    (
                        "Tetap dipakai, karena model pernah membacanya",
                        "Dicari otomatis di riwayat semua percakapan",
                        "Tidak ikut dipertimbangkan kecuali ditempel lagi",
                    ),
                    right=2,
                    because=(
                        "Yang dipertimbangkan adalah isi jendela konteks. Sebagian aplikasi "
                        "menambahkan catatan dari percakapan lama, tetapi itu pun hanya bekerja "
                        "bila benar-benar masuk ke konteks."
                    ),
                ),
                Question(
                    "medium",
                    "Untuk tugas mana temperature yang rendah paling cocok?",
                    (
                        "Mengisi format tetap dari seratus formulir",
                        "Mencari nama merek yang sebanyak dan seberagam mungkin",
                        "Memastikan jawaban tentang hukum tidak mengandung kesalahan",
                    ),
                    right=0,
                    because=(
                        "Temperature mengatur keragaman, bukan kebenaran. Rendah berarti hasil "
                        "lebih ajek, dan hasil yang ajek pun dapat keliru."
                    ),
                ),
            ),
        ),
    ),
)
